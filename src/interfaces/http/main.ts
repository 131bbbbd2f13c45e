import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import closeWithGrace from 'close-with-grace';
import { close, compose, TOKENS } from '../../container.ts';
import { banner } from './banner.ts';
import { createServer } from './server.ts';

/** Less than the ten seconds after which an orchestrator would kill the process. */
const STOP_PATIENCE_MS = 9_500;
const DRAIN_PATIENCE_MS = 8_000;

const NOT_HERE = 'HOST is no address of this machine: set HOST to 127.0.0.1, or to 0.0.0.0 for all of them';
const NOT_LISTENING: Readonly<Record<string, string>> = {
  EADDRINUSE: 'HOST and PORT are taken already: set PORT to another one, or to 0 for any that is free',
  EACCES: 'PORT is reserved for the system: set PORT to one from 1024 on',
  EADDRNOTAVAIL: NOT_HERE,
  EAI_AGAIN: NOT_HERE,
  ENOTFOUND: NOT_HERE,
};

/** For people, so that standard output holds nothing but log lines. */
const report = (line: string): void => void process.stderr.write(`${line}\n`);

if (existsSync('.env')) process.loadEnvFile('.env');

const service = start();
const logger = { error: (line: unknown) => report(String(line)) };
// A signal that comes while the service starts waits for that, so that what was opened is also closed.
const grace = closeWithGrace({ delay: STOP_PATIENCE_MS, logger, skip: ['SIGINT', 'SIGTERM'] }, async ({ err }) => {
  const { stop, log } = await service;
  if (err !== undefined) log.fatal({ err }, 'stopping after an error that nothing handled');
  await stop(firstSignal === 'SIGTERM');
});
// A repeated signal is no second wish: npm passes on what a terminal or a supervisor sends to the service as well.
let firstSignal: NodeJS.Signals | undefined;
const stopOnce = (signal: NodeJS.Signals) => {
  if (firstSignal !== undefined) return;
  firstSignal = signal;
  grace.close();
};
process.on('SIGINT', stopOnce).on('SIGTERM', stopOnce);
await service.catch((error: Error) => {
  report(error.message);
  process.exit(1);
});

async function start() {
  const container = compose({ environment: process.env, report, whenInUse: 'refuse' });
  try {
    const settings = container.get(TOKENS.settings);
    const log = await container.getAsync(TOKENS.log);
    const storage = await container.getAsync(TOKENS.storage);
    const readiness = await container.getAsync(TOKENS.readiness);
    const useCases = await container.getAsync(TOKENS.useCases);
    const metrics = container.get(TOKENS.metrics);
    const traces = await container.getAsync(TOKENS.traces);
    const corsOrigins = settings.CORS_ORIGINS?.split(',').map((origin) => origin.trim()) ?? [];

    const stopping = new AbortController();
    const http = createServer({
      useCases,
      readiness,
      log,
      corsOrigins,
      requireIfMatch: settings.REQUIRE_IF_MATCH,
      stopping: stopping.signal,
      metrics,
      traces,
    });
    // A burst of clients finds room in the queue; the system may allow less.
    const url = await http.listen({ host: settings.HOST, port: settings.PORT, backlog: 4_096 }).catch((error) => {
      throw new Error(NOT_LISTENING[error.code] ?? error.message, { cause: error });
    });
    report(banner({ url, storage, obstacle: await readiness.obstacle() }));

    /** @param announced whether there may be a load balancer, which takes a moment to notice */
    const stop = async (announced: boolean) => {
      stopping.abort();
      // Half a request would keep its connection open for as long as its sender likes.
      const cut = setTimeout(() => http.server.closeAllConnections(), DRAIN_PATIENCE_MS);
      if (announced) await sleep(settings.SHUTDOWN_DELAY_MS);
      await http.close();
      clearTimeout(cut);
      await close(container);
    };
    return { stop, log };
  } catch (error) {
    await close(container);
    throw error;
  }
}
