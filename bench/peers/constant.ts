import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { runPeer } from './http/run-peer.ts';

const TASK = {
  id: '01942000-0000-7000-8000-000000000000',
  user_id: 'user-00000',
  title: 'Task 0 of 0: a constant',
  description: null,
  completed: false,
  completed_at: null,
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
  revision: 1,
};

// No database, no validation, no log.
const app = Fastify();
app.get('/api/:user_id/tasks/:id', (_request, reply) => reply.header('etag', '"1"').send(TASK));

await runPeer({
  async listen() {
    await app.listen({ host: '127.0.0.1', port: 0, backlog: 4_096 });
    return (app.server.address() as AddressInfo).port;
  },
  close: () => app.close(),
});
