import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alwaysReady } from '../../src/infrastructure/memory/always-ready.ts';
import { InMemoryTaskRepository } from '../../src/infrastructure/memory/in-memory-task-repository.ts';
import { listening } from '../support/listening.ts';
import { freshOwner } from '../support/owners.ts';
import { type RawAnswer, RawConnection } from '../support/raw-connection.ts';
import { serverOn } from '../support/server.ts';
import { JSON_TYPE, request } from './bad-inputs/row.ts';

const SLOW_HEADERS = Number(process.env['SLOW_HEADERS'] ?? 50);
const SLOW_BODIES = Number(process.env['SLOW_BODIES'] ?? 20);
const SILENT = Number(process.env['SILENT_CONNECTIONS'] ?? 50);

interface Beside {
  readonly statuses: readonly number[];
  readonly p99: number;
}

interface Ending {
  readonly answer: RawAnswer | undefined;
  readonly rest: Buffer;
  readonly seconds: number;
}

/** All of them at once, beside requests that nobody delays. */
describe(`${SLOW_HEADERS} slow heads, ${SLOW_BODIES} slow bodies and ${SILENT} silent connections`, () => {
  const port = listening(() => serverOn(new InMemoryTaskRepository(), alwaysReady));
  const list = `/api/${freshOwner()}/tasks`;
  let heads: readonly Ending[];
  let bodies: readonly Ending[];
  let silent: readonly Ending[];
  let alone: Beside;
  let beside: Beside;

  beforeAll(async () => {
    const start = performance.now();
    alone = await requestsUntil(() => performance.now() > start + 3_000);
    let isOver = false;
    const others = requestsUntil(() => isOver);
    // One by one: of too many at once the system holds some back, or forgets them.
    const slow = async (count: number, first: (n: number) => string, again: string): Promise<Ending[]> => {
      const endings: Promise<Ending>[] = [];
      for (let n = 0; n < count; n++) endings.push(trickle(await new RawConnection(port()).opened(), first(n), again));
      return Promise.all(endings);
    };
    [heads, bodies, silent] = await Promise.all([
      slow(SLOW_HEADERS, () => `GET ${list} HTTP/1.1\r\nHost: a\r\nX-Slow: `, 'x'),
      slow(SLOW_BODIES, (n) => (n % 2 === 0 ? byLength : inChunks), '1\r\nx\r\n'),
      slow(SILENT, () => '', ''),
    ]);
    isOver = true;
    beside = await others;
  });

  const head = (...headers: string[]) => request('POST', list, { headers: [JSON_TYPE, ...headers] }).toString();
  const byLength = head('Content-Length: 60000');
  const inChunks = head('Transfer-Encoding: chunked');

  /** Sends one thing a second until the server has had enough. */
  async function trickle(connection: RawConnection, first: string, again: string): Promise<Ending> {
    const started = performance.now();
    connection.send(first);
    const timer = setInterval(() => connection.send(again), 1_000);
    const answer = await connection.answer();
    const rest = await connection.rest();
    clearInterval(timer);
    connection.close();
    return { answer, rest, seconds: (performance.now() - started) / 1_000 };
  }

  async function requestsUntil(isOver: () => boolean): Promise<Beside> {
    const connection = new RawConnection(port());
    const statuses: number[] = [];
    const times: number[] = [];
    while (!isOver()) {
      const sent = performance.now();
      const bytes =
        statuses.length % 2 === 0
          ? request('POST', list, { body: '{"title":"a"}' })
          : request('GET', `${list}?limit=5`);
      statuses.push((await connection.send(bytes).answer())?.status ?? 0);
      times.push(performance.now() - sent);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    connection.close();
    return { statuses, p99: times.sort((one, other) => one - other)[Math.floor(times.length * 0.99)] ?? 0 };
  }

  afterAll(() => {
    const worst = (endings: readonly Ending[]) => Math.max(...endings.map(({ seconds }) => seconds)).toFixed(1);
    process.stderr.write(
      `Closed after ${[heads, bodies, silent].map(worst).join(', ')} s, with ${beside.statuses.length} requests beside: ` +
        `99 % of them within ${beside.p99.toFixed(1)} ms, and within ${alone.p99.toFixed(1)} ms before\n`,
    );
  });

  it.each([
    ['heads', 5, 6.5, () => heads],
    ['bodies', 10, 11.5, () => bodies],
    ['connections without a word', 5, 6.5, () => silent],
  ] as const)('%s are refused with 408 and closed after %f to %f seconds', (_what, least, most, endings) => {
    for (const { answer, rest, seconds } of endings()) {
      expect([answer?.status, answer?.json.code, rest.length]).toEqual([408, 'request-timeout', 0]);
      expect(answer?.headers).toMatchObject({
        'content-type': 'application/problem+json',
        connection: 'close',
        'x-request-id': answer?.json.request_id,
      });
      expect(seconds).toBeGreaterThanOrEqual(least - 0.1);
      expect(seconds).toBeLessThanOrEqual(most);
    }
  });

  it('disturb nobody else, and store nothing', async () => {
    expect(beside.statuses.length).toBeGreaterThan(200);
    expect(new Set(beside.statuses)).toEqual(new Set([200, 201]));
    const { json } = (await new RawConnection(port()).send(request('GET', `${list}?count=true`)).answer()) as RawAnswer;
    expect(json.total).toBe([...alone.statuses, ...beside.statuses].filter((status) => status === 201).length);
  });
});
