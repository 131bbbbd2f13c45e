import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { pino } from 'pino';
import type { Clock, IdGenerator, Readiness, TaskRepository } from '../../src/application/ports.ts';
import { taskUseCases } from '../../src/application/task-use-cases.ts';
import { systemClock, UuidGenerator } from '../../src/infrastructure/system.ts';
import { createServer, type ServerOptions } from '../../src/interfaces/http/server.ts';

const silent = pino({ level: 'silent' }) as FastifyBaseLogger;

type Options = Partial<
  Pick<ServerOptions, 'log' | 'corsOrigins' | 'requireIfMatch' | 'stopping' | 'metrics' | 'traces' | 'limits'>
> & {
  readonly clock?: Clock;
  readonly ids?: IdGenerator;
};

/** The HTTP adapter on a repository of the test's choice, not listening. */
export function serverOn(tasks: TaskRepository, readiness: Readiness, options: Options = {}): FastifyInstance {
  const { clock = systemClock, ids = new UuidGenerator(), ...others } = options;
  return createServer({ useCases: taskUseCases(tasks, clock, ids), readiness, log: silent, ...others });
}
