import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { pino } from 'pino';
import type { Readiness, TaskRepository } from '../../src/application/ports.ts';
import { taskUseCases } from '../../src/application/task-use-cases.ts';
import { systemClock, UuidGenerator } from '../../src/infrastructure/system.ts';
import { createServer, type ServerOptions } from '../../src/interfaces/http/server.ts';

const silent = pino({ level: 'silent' }) as FastifyBaseLogger;

/** The HTTP adapter on a repository of the test's choice, not listening. */
export function serverOn(
  tasks: TaskRepository,
  readiness: Readiness,
  options: Partial<Pick<ServerOptions, 'log' | 'corsOrigins' | 'requireIfMatch'>> = {},
): FastifyInstance {
  const useCases = taskUseCases(tasks, systemClock, new UuidGenerator());
  return createServer({ useCases, readiness, log: silent, ...options });
}
