import { Agent } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { freshOwner } from '../support/owners.ts';
import { type RunningService, startService } from '../support/service-process.ts';
import { Balancer } from './support/balancer.ts';
import { Cluster } from './support/cluster.ts';
import { type Reply, request } from './support/request.ts';
import { PATIENCE_MS, size, tell } from './support/sizes.ts';

const STOPS = size('STOPS', 3, 25);
const REPLACEMENTS = size('REPLACEMENTS', 2, 25);
const EXIT_MS = 10_000;

let cluster: Cluster;
beforeAll(async () => {
  cluster = await Cluster.create();
});

const portOf = ({ baseUrl }: RunningService): number => Number(new URL(baseUrl).port);

/** Clients that create tasks until they are stopped, each one by one. */
class Clients {
  readonly replies: Reply[] = [];
  readonly owner = freshOwner();
  readonly #working: Promise<unknown>;
  #isStopped = false;

  constructor(agents: readonly (Agent | undefined)[], at: string) {
    const work = async (agent: Agent | undefined) => {
      while (!this.#isStopped) {
        const body = { title: `task ${this.replies.length}` };
        const reply = await request(`${at}/api/${this.owner}/tasks`, { body, ...(agent && { agent }) });
        this.replies.push(reply);
        if (reply.status === 0) await sleep(20);
      }
    };
    this.#working = Promise.all(agents.map(work));
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#working;
  }

  get created(): number {
    return this.replies.filter(({ status }) => status === 201).length;
  }

  /** How requests ended otherwise, each way once. */
  get failures(): string[] {
    return [
      ...new Set(this.replies.filter(({ status }) => status !== 201).map(({ status, text }) => `${status} ${text}`)),
    ];
  }

  async stored(): Promise<number> {
    const [row] = await cluster.query<{ n: number }>('select count(*)::int as n from tasks where user_id = $1', [
      this.owner,
    ]);
    return row?.n ?? 0;
  }
}

/** Three new connections at a time, and nobody who keeps one. */
const OF_THEIR_OWN = [undefined, undefined, undefined];

describe.concurrent('the service that is told to stop under load', { timeout: PATIENCE_MS }, () => {
  it.each(Array.from({ length: STOPS }, (_, n) => n + 1))(
    'answers what it has accepted, and ends in time: stop %i',
    async (n) => {
      // Not all in one moment.
      await sleep((n % 5) * 300);
      const service = await startService({ DATABASE_URL: cluster.url });
      const clients = new Clients(OF_THEIR_OWN, service.baseUrl);
      const half = connect(portOf(service), '127.0.0.1').on('error', () => {});
      half.write('POST /api/alice/tasks HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{"ti');
      await sleep(500);

      const told = performance.now();
      const code = await service.stop();
      const took = Math.round(performance.now() - told);
      await clients.stop();
      half.destroy();

      tell('stop', { created: clients.created, 'ended after (ms)': took, 'other ends': clients.failures.join(' ') });
      expect(code).toBe(0);
      expect(took).toBeLessThanOrEqual(EXIT_MS);
      // The system resets connections that the service had not accepted yet. What it did, it answered.
      expect(['0 ECONNREFUSED', '0 ECONNRESET']).toEqual(expect.arrayContaining(clients.failures));
      expect(await clients.stored()).toBe(clients.created);
      expect(clients.created).toBeGreaterThan(5);
    },
  );
});

describe('the service that is replaced under load, behind a balancer', () => {
  it(`fails no request: ${REPLACEMENTS} times`, { timeout: PATIENCE_MS }, async () => {
    const balancer = await Balancer.open();
    const start = () => startService({ DATABASE_URL: cluster.url, SHUTDOWN_DELAY_MS: '500' });
    let service = await start();
    await balancer.add(portOf(service));
    const kept = Array.from({ length: 3 }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
    const clients = new Clients([...OF_THEIR_OWN, ...kept], `http://127.0.0.1:${balancer.port}`);
    const times: number[] = [];

    for (let n = 0; n < REPLACEMENTS; n++) {
      const next = await start();
      await balancer.add(portOf(next));
      await sleep(300);
      const told = performance.now();
      expect(await service.stop()).toBe(0);
      times.push(Math.round(performance.now() - told));
      balancer.remove(portOf(service));
      service = next;
    }
    await sleep(200);
    await clients.stop();
    for (const agent of kept) agent.destroy();
    await balancer.close();

    const failed = clients.replies.filter(({ status }) => status !== 201).length;
    tell('replacement', {
      replacements: REPLACEMENTS,
      created: clients.created,
      failed,
      'slowest end (ms)': Math.max(...times),
    });
    expect(clients.failures).toEqual([]);
    expect(Math.max(...times)).toBeLessThanOrEqual(EXIT_MS);
    expect(await clients.stored()).toBe(clients.created);
    expect(clients.created).toBeGreaterThan(20 * REPLACEMENTS);
  });
});
