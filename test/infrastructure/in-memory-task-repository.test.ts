import { InMemoryTaskRepository } from '../../src/infrastructure/memory/in-memory-task-repository.ts';
import { describeTaskRepository } from '../contract/task-repository.contract.ts';

describeTaskRepository('InMemoryTaskRepository', async () => {
  const tasks = new InMemoryTaskRepository();
  return { tasks, erasure: tasks };
});
