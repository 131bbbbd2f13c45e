import { fastifyServer } from './http/fastify-server.ts';
import { runPeer, settings } from './http/run-peer.ts';
import { PostgresJsTasks } from './storage/postgres-js-tasks.ts';

await runPeer(fastifyServer(new PostgresJsTasks(settings.url, settings.connections)));
