import { describe, expect, it } from 'vitest';
import { systemClock, UuidGenerator } from '../../src/infrastructure/system.ts';

describe('UuidGenerator', () => {
  const ids = new UuidGenerator();
  const many = Array.from({ length: 20_000 }, () => ids.next());

  it('makes UUIDs of version 7', () => {
    for (const id of many) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('makes each but once, in ascending order, also within a millisecond', () => {
    expect(new Set(many).size).toBe(many.length);
    expect([...many].sort()).toEqual(many);
  });

  it('begins with the time', () => {
    const time = Number.parseInt(new UuidGenerator().next().replaceAll('-', '').slice(0, 12), 16);
    expect(Math.abs(time - Date.now())).toBeLessThan(1_000);
  });
});

it('the clock tells the time', () => {
  expect(Math.abs(systemClock.now().getTime() - Date.now())).toBeLessThan(1_000);
});
