import { describe, expect, it } from 'vitest';
import { Latencies } from '../../bench/load/latencies.ts';

describe('the latency histogram', () => {
  it('is accurate to 1 %', () => {
    const latencies = new Latencies();
    for (let microseconds = 1; microseconds <= 100_000; microseconds++) latencies.record(microseconds);
    for (const share of [0.01, 0.5, 0.99, 0.999, 1]) {
      const exact = share * 100_000;
      expect(Math.abs(latencies.percentile(share) - exact) / exact).toBeLessThan(0.01);
    }
  });

  it('keeps rare values', () => {
    const latencies = new Latencies();
    for (let times = 0; times < 998; times++) latencies.record(100);
    latencies.record(1_000_000);
    latencies.record(1_000_000);
    const { p50, p99, p999 } = latencies.summary();
    expect([p50, p99]).toEqual([p50, p50]);
    expect(p999).toBeGreaterThan(990_000);
  });

  it('accepts any value', () => {
    const latencies = new Latencies();
    latencies.record(0);
    latencies.record(1e12);
    expect(latencies.count).toBe(2);
    expect(latencies.percentile(1)).toBeGreaterThan(60e6);
  });

  it('returns 0 without values', () => {
    expect(new Latencies().summary()).toEqual({ p50: 0, p99: 0, p999: 0 });
  });
});
