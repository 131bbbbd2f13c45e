import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClosedLoop } from '../../bench/load/closed-loop.ts';
import type { Job } from '../../bench/load/job.ts';
import { OpenLoop } from '../../bench/load/open-loop.ts';

const STALL_MS = 150;

const exchange = {
  request: 'GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n',
  check: ({ body }: { body: Buffer }) => (body.toString() === 'x' ? undefined : `not x but ${body}`),
};

describe('the load generator with a program that stalls once', () => {
  let stallUntil = 0;
  let body = 'x';
  let requests = 0;
  const server = createServer((_request, response) => {
    if (++requests === 50) stallUntil = performance.now() + STALL_MS;
    setTimeout(() => response.end(body), Math.max(0, stallUntil - performance.now()));
  });

  beforeEach(async () => {
    [stallUntil, body, requests] = [0, 'x', 0];
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise<unknown>((resolve) => server.close(resolve)));

  const jobOf = (): Job => ({
    port: (server.address() as AddressInfo).port,
    workload: 'constant',
    connections: 2,
    warmUpSeconds: 0,
    seconds: 0.5,
    seed: 1,
    sampleEvery: 1,
    target: 'test',
    processes: { program: process.pid, postmaster: undefined },
  });

  it('counts the waiting time of requests that were due during the stall', async () => {
    const measured = await new OpenLoop({ ...jobOf(), rate: 400 }, () => exchange).measure();
    expect(measured.errors).toBe(0);
    // About 60 of 200 requests wait for 75 ms on average.
    const waited = measured.latency;
    expect(waited.p99).toBeGreaterThan(100_000);
    expect(waited.p50).toBeLessThan(waited.p99);
  });

  it('counts wrong responses', async () => {
    body = 'y';
    const measured = await new ClosedLoop(jobOf(), () => exchange).measure();
    expect(measured.errors).toBeGreaterThanOrEqual(measured.requests);
    expect(measured.problems[0]).toBe('not x but y');
  });
});
