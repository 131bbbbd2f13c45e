import type { FastifyInstance } from 'fastify';

/** From when on an answer is the last on its connection, which a client would else keep open and idle. */
export function markLastAnswers(http: FastifyInstance, stopping: AbortSignal | undefined): void {
  let isClosing = false;
  http.addHook('preClose', (done) => {
    isClosing = true;
    done();
  });
  http.addHook('onSend', (_request, reply, payload, done) => {
    if (isClosing || stopping?.aborted) reply.header('connection', 'close');
    done(null, payload);
  });
}
