import { type FastifyPluginCallbackTypebox, Type } from '@fastify/type-provider-typebox';
import type { Obstacle, Readiness } from '../../application/ports.ts';
import { answerOtherMethods } from './allowed-methods.ts';
import { sendProblem, unavailable } from './problem.ts';

const DETAILS: Record<Obstacle, string> = {
  'database-unreachable': 'The database does not answer.',
  'migrations-pending': 'The database lacks migrations.',
  'database-unsuitable': 'The database does not keep text as UTF-8.',
};

const Status = Type.Object({ status: Type.String() });

export interface HealthRoutesOptions {
  readonly readiness: Readiness;
}

export const healthRoutes: FastifyPluginCallbackTypebox<HealthRoutesOptions> = (http, { readiness }, done) => {
  // Whether the process answers; never touches the database, whose failure no restart of this process would mend.
  http.get('/livez', { schema: { response: { 200: Status } } }, async () => ({ status: 'alive' }));

  http.get('/readyz', { schema: { response: { 200: Status } } }, async (_request, reply) => {
    const obstacle = await readiness.obstacle();
    if (obstacle === undefined) return { status: 'ready' };
    return sendProblem(reply, { ...unavailable, detail: DETAILS[obstacle] });
  });

  for (const url of ['/livez', '/readyz']) answerOtherMethods(http, url, ['GET']);
  done();
};
