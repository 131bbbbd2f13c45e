import { alwaysReady } from '../../src/infrastructure/memory/always-ready.ts';
import { InMemoryTaskRepository } from '../../src/infrastructure/memory/in-memory-task-repository.ts';
import { serverOn } from '../support/server.ts';
import { describeBadInputs } from './bad-inputs.contract.ts';

describeBadInputs('tasks in memory', async () => serverOn(new InMemoryTaskRepository(), alwaysReady));
