import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { Ledger, NOTHING_LOST, type Try } from './ledger.ts';

interface Row {
  user_id: string;
  id: string;
  title: string;
  revision: string;
}

describe('a ledger', () => {
  let ledger: Ledger;
  let owner: string;
  let other: string;
  let attempt: Try;
  let row: Row;
  beforeEach(() => {
    ledger = new Ledger(2);
    [owner, other] = ledger.owners as [string, string];
    attempt = ledger.try(owner);
    row = { user_id: owner, id: randomUUID(), title: attempt.title, revision: '7' };
    ledger.ack(attempt, row.id, '"7"');
  });

  const check = (...rows: Row[]) => ledger.check(async () => rows);

  it('has nothing to say when what was acknowledged is stored', async () => {
    expect(await check(row)).toEqual({ tried: 1, acknowledged: 1, ...NOTHING_LOST });
  });

  it('takes it well when a try that nobody acknowledged is stored, or is not', async () => {
    const unknown = ledger.try(other, { withKey: false });
    expect(await check(row)).toMatchObject({ tried: 2, acknowledged: 1, ...NOTHING_LOST });
    expect(await check(row, { ...row, user_id: other, id: randomUUID(), title: unknown.title })).toMatchObject(
      NOTHING_LOST,
    );
  });

  it.each([
    ['is not stored', () => []],
    ['is stored under another id', () => [{ ...row, id: randomUUID() }]],
    ['is stored with another revision', () => [{ ...row, revision: '8' }]],
  ])('counts as lost what %s', async (_what, rows) => {
    expect(await check(...rows())).toMatchObject({ lost: 1 });
  });

  it('counts what is stored twice', async () => {
    expect(await check(row, { ...row, id: randomUUID() })).toMatchObject({ lost: 0, duplicates: 1 });
  });

  it('counts what nobody tried, and what another owner tried', async () => {
    expect(await check(row, { ...row, id: randomUUID(), title: 'from nowhere' })).toMatchObject({ strangers: 1 });
    expect(await check({ ...row, user_id: other })).toMatchObject({ lost: 1, strangers: 1 });
  });

  it('refuses an acknowledgement that differs from the first one, or has no ETag', () => {
    expect(() => ledger.ack(attempt, row.id, '"7"')).not.toThrow();
    expect(() => ledger.ack(attempt, randomUUID(), '"7"')).toThrow();
    expect(() => ledger.ack(attempt, row.id, '"8"')).toThrow();
    expect(() => ledger.ack(ledger.try(owner), row.id, null)).toThrow();
  });

  it("finds in a text what is another owner's, or anybody's where it is for nobody", () => {
    const text = `${attempt.title} and so on`;
    expect(ledger.foreignIn(text, owner)).toEqual([]);
    expect(ledger.foreignIn(text, other)).toHaveLength(1);
    expect(ledger.foreignIn(text)).toHaveLength(1);
  });
});
