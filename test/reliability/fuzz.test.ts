import { alwaysReady } from '../../src/infrastructure/memory/always-ready.ts';
import { InMemoryTaskRepository } from '../../src/infrastructure/memory/in-memory-task-repository.ts';
import { serverOn } from '../support/server.ts';
import { describeFuzzing } from './fuzz.contract.ts';

/** A sequence is about six requests, and as many to look at what they left. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 500);

describeFuzzing('tasks in memory', () => serverOn(new InMemoryTaskRepository(), alwaysReady), RUNS);
