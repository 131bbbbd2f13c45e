import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CircuitBreaker } from '../../src/infrastructure/postgres/resilience/circuit-breaker.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Five failures in three seconds. */
function opened(): CircuitBreaker {
  const breaker = new CircuitBreaker();
  for (let failures = 0; failures < 4; failures++) breaker.onFailure();
  vi.advanceTimersByTime(3_000);
  breaker.onFailure();
  return breaker;
}

it('stays closed however many connections one short restart costs', () => {
  const breaker = new CircuitBreaker();
  for (let failures = 0; failures < 100; failures++) breaker.onFailure();
  expect(breaker.allow()).toBe(true);
});

it('stays closed when few fail, however long ago the last success was', () => {
  const breaker = new CircuitBreaker();
  breaker.onFailure();
  vi.advanceTimersByTime(60_000);
  breaker.onFailure();
  expect(breaker.allow()).toBe(true);
});

it('starts counting anew after a success', () => {
  const breaker = new CircuitBreaker();
  for (let failures = 0; failures < 4; failures++) breaker.onFailure();
  breaker.onSuccess();
  vi.advanceTimersByTime(3_000);
  breaker.onFailure();
  expect(breaker.isOpen).toBe(false);
});

it('opens after many failures over a while, and lets one statement in a second through', () => {
  const breaker = opened();
  expect(breaker.isOpen).toBe(true);
  expect(breaker.allow()).toBe(false);
  vi.advanceTimersByTime(1_000);
  expect(breaker.allow()).toBe(true);
  expect(breaker.allow()).toBe(false);
  breaker.onFailure();
  vi.advanceTimersByTime(999);
  expect(breaker.allow()).toBe(false);
  vi.advanceTimersByTime(1);
  expect(breaker.allow()).toBe(true);
});

it('closes with the first success', () => {
  const breaker = opened();
  breaker.onSuccess();
  expect(breaker.isOpen).toBe(false);
  expect(breaker.allow()).toBe(true);
});
