import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { answerOtherMethods } from './allowed-methods.ts';
import type { RequestMetrics } from './observers.ts';

export interface MetricsRoutesOptions {
  readonly metrics: RequestMetrics;
}

/** For a scraper. Never asks the database, so that what is known of its failure can be read while it lasts. */
export const metricsRoutes: FastifyPluginCallbackTypebox<MetricsRoutesOptions> = (http, { metrics }, done) => {
  http.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.scrape()));
  answerOtherMethods(http, '/metrics', ['GET']);
  done();
};
