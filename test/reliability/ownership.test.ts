import { alwaysReady } from '../../src/infrastructure/memory/always-ready.ts';
import { InMemoryTaskRepository } from '../../src/infrastructure/memory/in-memory-task-repository.ts';
import { serverOn } from '../support/server.ts';
import { describeOwnership } from './ownership.contract.ts';

describeOwnership('tasks in memory', (log) => serverOn(new InMemoryTaskRepository(), alwaysReady, { log }));
