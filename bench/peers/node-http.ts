import { nodeServer } from './http/node-server.ts';
import { runPeer, settings } from './http/run-peer.ts';
import { PgTasks } from './storage/pg-tasks.ts';

await runPeer(nodeServer(new PgTasks(settings.url, settings.connections)));
