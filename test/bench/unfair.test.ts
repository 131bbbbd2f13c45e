import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { burst, pipeline, repeat } from '../../bench/unfair/clients.ts';
import { type Probed, probe } from '../../bench/unfair/probe.ts';
import { SCENARIOS } from '../../bench/unfair/scenarios.ts';
import { isFair, type UnfairCell } from '../../bench/unfair/unfair-results.ts';

const GET = () => ({ method: 'GET', path: '/' }) as const;
const soon = () => performance.now() + 100;

describe('the clients of an unfair load', () => {
  let count = 0;
  const server = createServer((_request, response) => {
    response.statusCode = ++count % 2 === 0 ? 429 : 200;
    response.end('HTTP/1.1');
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => new Promise<unknown>((resolve) => server.close(resolve)));
  const port = () => (server.address() as AddressInfo).port;

  it('count every response by its status', async () => {
    count = 0;
    const outcomes = await repeat(port(), 4, soon(), GET);
    expect((outcomes['200'] ?? 0) + (outcomes['429'] ?? 0)).toBe(count);
    expect(Object.keys(outcomes)).toEqual(['200', '429']);
  });

  it('send a burst at the same time', async () => {
    count = 0;
    const outcomes = await burst(port(), 10, performance.now() + 1, GET);
    expect(outcomes).toEqual({ '200': 5, '429': 5 });
  });

  it('pipeline requests on one connection', async () => {
    const { '200': ok = 0, '429': rejected = 0, closed } = await pipeline(port(), 20, soon(), '/');
    expect(ok).toBeGreaterThanOrEqual(10);
    expect(Math.abs(ok - rejected)).toBeLessThanOrEqual(1);
    expect(closed).toBeUndefined();
  });

  it('count a missing response as failed', async () => {
    const closed = createServer((request) => request.socket.destroy());
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const options = { seconds: 0.1, perSecond: 50 };
    const { outcomes, errors, requests } = await probe((closed.address() as AddressInfo).port, options, GET);
    closed.close();
    expect([outcomes, errors, requests]).toEqual([{ failed: 5 }, 5, 5]);
  });
});

describe('a scenario', () => {
  const probed: Probed = { requests: 1, errors: 0, outcomes: {}, p50: 30, p95: 40, max: 50 };
  const cell: UnfairCell = {
    round: 0,
    target: 'service',
    scenario: 'tombstones',
    undisturbed: { read: probed },
    disturbed: { read: probed },
    load: {},
    memory: { beforeMebibytes: 100, peakMebibytes: 200 },
  };

  it.each([
    ['no error, a short wait and little memory', {}, true],
    ['a p95 of 25 times the undisturbed p50', { disturbed: { read: { ...probed, p95: 750 } } }, true],
    ['a longer p95', { disturbed: { read: { ...probed, p95: 751 } } }, false],
    ['an error', { disturbed: { read: { ...probed, errors: 1 } } }, false],
    ['much memory', { memory: { beforeMebibytes: 100, peakMebibytes: 350 } }, false],
  ])('with %s', (_what, change, expected) => {
    expect(isFair({ ...cell, ...change })).toBe(expected);
  });

  it('has a name of its own', () => {
    expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length);
  });
});
