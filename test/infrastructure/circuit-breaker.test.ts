import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CircuitBreaker } from '../../src/infrastructure/postgres/resilience/circuit-breaker.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Five failures in three seconds. */
function opened(): CircuitBreaker {
  const breaker = new CircuitBreaker();
  for (let failures = 0; failures < 4; failures++) breaker.failed();
  vi.advanceTimersByTime(3_000);
  breaker.failed();
  return breaker;
}

it('stays closed however many connections one short restart costs', () => {
  const breaker = new CircuitBreaker();
  for (let failures = 0; failures < 100; failures++) breaker.failed();
  expect(breaker.admits()).toBe(true);
});

it('stays closed when few fail, however long ago the last success was', () => {
  const breaker = new CircuitBreaker();
  breaker.failed();
  vi.advanceTimersByTime(60_000);
  breaker.failed();
  expect(breaker.admits()).toBe(true);
});

it('starts counting anew after a success', () => {
  const breaker = new CircuitBreaker();
  for (let failures = 0; failures < 4; failures++) breaker.failed();
  breaker.succeeded();
  vi.advanceTimersByTime(3_000);
  breaker.failed();
  expect(breaker.isOpen).toBe(false);
});

it('opens after many failures over a while, and lets one statement in a second through', () => {
  const breaker = opened();
  expect(breaker.isOpen).toBe(true);
  expect(breaker.admits()).toBe(false);
  vi.advanceTimersByTime(1_000);
  expect(breaker.admits()).toBe(true);
  expect(breaker.admits()).toBe(false);
  breaker.failed();
  vi.advanceTimersByTime(999);
  expect(breaker.admits()).toBe(false);
  vi.advanceTimersByTime(1);
  expect(breaker.admits()).toBe(true);
});

it('closes with the first success', () => {
  const breaker = opened();
  breaker.succeeded();
  expect(breaker.isOpen).toBe(false);
  expect(breaker.admits()).toBe(true);
});
