import { expressServer } from './http/express-server.ts';
import { runPeer, settings } from './http/run-peer.ts';
import { DrizzleTasks } from './storage/drizzle-tasks.ts';

await runPeer(expressServer(new DrizzleTasks(settings.url, settings.connections)));
