import { alwaysReady } from '../../../src/infrastructure/memory/always-ready.ts';
import { InMemoryTaskRepository } from '../../../src/infrastructure/memory/in-memory-task-repository.ts';
import { describeTaskApi } from '../../contract/task-api.contract.ts';
import { serverOn } from '../../support/server.ts';

describeTaskApi('tasks in memory', async () => serverOn(new InMemoryTaskRepository(), alwaysReady));
