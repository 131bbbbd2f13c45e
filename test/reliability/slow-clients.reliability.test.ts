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

interface Ending {
  readonly answer: RawAnswer | undefined;
  readonly rest: Buffer;
  readonly seconds: number;
}

/** All of them at once, beside requests that nobody delays. */
describe(`${SLOW_HEADERS} slow heads and ${SLOW_BODIES} slow bodies`, () => {
  const port = listening(() => serverOn(new InMemoryTaskRepository(), alwaysReady));
  const list = `/api/${freshOwner()}/tasks`;
  let heads: readonly Ending[];
  let bodies: readonly Ending[];
  let silent: Ending;
  let statuses: readonly number[];

  beforeAll(async () => {
    let isOver = false;
    const beside = requestsUntil(() => isOver);
    const slow = (count: number, first: (n: number) => string, byte: string) =>
      Promise.all(Array.from({ length: count }, (_, n) => trickle(first(n), byte)));
    [heads, bodies, silent] = await Promise.all([
      slow(SLOW_HEADERS, () => `GET ${list} HTTP/1.1\r\nHost: a\r\nX-Slow: `, 'x'),
      slow(SLOW_BODIES, (n) => (n % 2 === 0 ? byLength : inChunks), '1\r\nx\r\n'),
      trickle('', ''),
    ]);
    isOver = true;
    statuses = await beside;
  });

  const head = (...headers: string[]) => request('POST', list, { headers: [JSON_TYPE, ...headers] }).toString();
  const byLength = head('Content-Length: 60000');
  const inChunks = head('Transfer-Encoding: chunked');

  /** Sends one thing a second until the server has had enough. */
  async function trickle(first: string, again: string): Promise<Ending> {
    const started = performance.now();
    const connection = new RawConnection(port()).send(first);
    const timer = setInterval(() => connection.send(again), 1_000);
    const answer = await connection.answer();
    const rest = await connection.rest();
    clearInterval(timer);
    connection.close();
    return { answer, rest, seconds: (performance.now() - started) / 1_000 };
  }

  async function requestsUntil(isOver: () => boolean): Promise<number[]> {
    const connection = new RawConnection(port());
    const found: number[] = [];
    while (!isOver()) {
      const bytes =
        found.length % 2 === 0 ? request('POST', list, { body: '{"title":"a"}' }) : request('GET', `${list}?limit=5`);
      found.push((await connection.send(bytes).answer())?.status ?? 0);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    connection.close();
    return found;
  }

  afterAll(() => {
    const worst = (endings: readonly Ending[]) => Math.max(...endings.map(({ seconds }) => seconds)).toFixed(1);
    const line = `Closed after ${worst(heads)} s and ${worst(bodies)} s, with ${statuses.length} requests beside\n`;
    process.stderr.write(line);
  });

  it.each([
    ['heads', 5, 6.5, () => heads],
    ['bodies', 10, 11.5, () => bodies],
    ['connections without a word', 5, 6.5, () => [silent]],
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
    expect(statuses.length).toBeGreaterThan(200);
    expect(new Set(statuses)).toEqual(new Set([200, 201]));
    const { json } = (await new RawConnection(port()).send(request('GET', `${list}?count=true`)).answer()) as RawAnswer;
    expect(json.total).toBe(statuses.filter((status) => status === 201).length);
  });
});
