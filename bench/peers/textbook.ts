import { fastifyServer } from './http/fastify-server.ts';
import { runPeer, settings } from './http/run-peer.ts';
import { KnexTasks } from './storage/knex-tasks.ts';

await runPeer(fastifyServer(new KnexTasks(settings.url, settings.connections)));
