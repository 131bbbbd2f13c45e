import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import type { Obstacle, Readiness } from '../../application/ports.ts';
import { answerOtherMethods } from './allowed-methods.ts';
import { sendProblem, unavailableAfter } from './problem.ts';
import { HEALTH_ROUTES } from './schemas.ts';

const DETAILS: Record<Obstacle, string> = {
  'database-unreachable': 'The database does not answer.',
  'database-full': 'The database has no room.',
  'migrations-pending': 'The database lacks migrations.',
  'database-unsuitable': 'The database is not fit for use: see its encoding, collations and privileges.',
};

export interface HealthRoutesOptions {
  readonly readiness: Readiness;
  readonly stopping: AbortSignal | undefined;
}

export const healthRoutes: FastifyPluginCallbackTypebox<HealthRoutesOptions> = (
  http,
  { readiness, stopping },
  done,
) => {
  // Whether the process answers. Never touches the database, whose failure no restart of this process would mend.
  http.get('/livez', { schema: HEALTH_ROUTES.livez }, async () => ({ status: 'alive' as const }));

  http.get('/readyz', { schema: HEALTH_ROUTES.readyz }, async (request, reply) => {
    if (stopping?.aborted)
      return sendProblem(reply, { ...unavailableAfter(1, 'GET'), detail: 'The service is stopping.' });
    const obstacle = await readiness.obstacle();
    if (obstacle === undefined) return { status: 'ready' as const };
    request.log.warn({ obstacle }, 'not ready');
    return sendProblem(reply, { ...unavailableAfter(1, 'GET'), detail: DETAILS[obstacle] });
  });

  for (const url of ['/livez', '/readyz']) answerOtherMethods(http, url, ['GET']);
  done();
};
