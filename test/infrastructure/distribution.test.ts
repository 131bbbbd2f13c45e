import { expect, it } from 'vitest';
import { Distribution } from '../../src/infrastructure/metrics/distribution.ts';
import { Prometheus } from '../../src/infrastructure/metrics/prometheus.ts';

it('a value counts for the first bound that it does not exceed, and for all above', () => {
  const cell = new Distribution([1, 2, 4]).cell();
  for (const value of [0, 1, 1.5, 4, 5]) cell.add(value);
  expect(cell.cumulated).toEqual([2, 3, 4, 5]);
  expect(cell.sum).toBe(11.5);
});

it('the same labels have the same cell, and others another', () => {
  const distribution = new Distribution([1]);
  expect(distribution.cell('a', 'b')).toBe(distribution.cell('a', 'b'));
  expect(distribution.cell('a', 'b')).not.toBe(distribution.cell('b', 'a'));
});

it('a histogram is told as Prometheus reads it', async () => {
  const prometheus = new Prometheus();
  const told = { name: 'test_seconds', help: 'A test', labels: ['of'] };
  prometheus.distribution(told, [0.5, 1]).cell('this "one"').add(0.75);
  const lines = (await prometheus.scrape()).split('\n').filter((line) => line.includes('test_seconds'));
  expect(lines).toEqual([
    '# HELP test_seconds A test',
    '# TYPE test_seconds histogram',
    'test_seconds_bucket{of="this \\"one\\"",le="0.5"} 0',
    'test_seconds_bucket{of="this \\"one\\"",le="1"} 1',
    'test_seconds_bucket{of="this \\"one\\"",le="+Inf"} 1',
    'test_seconds_sum{of="this \\"one\\""} 0.75',
    'test_seconds_count{of="this \\"one\\""} 1',
  ]);
});
