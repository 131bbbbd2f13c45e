import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Revision, TaskId, UserId } from '../../../src/domain/ids.ts';
import { decodeCursor, encodeCursor } from '../../../src/interfaces/http/cursor.ts';
import { at } from '../../support/tasks.ts';

const alice = 'alice' as UserId;
const scope = { deleted: false, completed: undefined, text: 'milk', orderBy: 'revision', descending: true } as const;
const position = {
  createdAt: at(5),
  revision: (Number.MAX_SAFE_INTEGER % 2 ** 48) as Revision,
  id: 'ffffffff-0123-4567-89ab-cdef01234567' as TaskId,
};

describe('a cursor', () => {
  const cursor = encodeCursor(position, alice, scope);

  it('leads back to its position, whatever id a client has chosen', () => {
    expect(cursor).toMatch(/^[\w-]{48}$/);
    expect(decodeCursor(cursor, alice, scope)).toEqual(position);
  });

  it.each(['=', '!', ' ', '\n'])('has one spelling, without %j', (suffix) => {
    expect(decodeCursor(`${cursor}${suffix}`, alice, scope)).toBeUndefined();
  });

  it.each([{ completed: true }, { completed: false }, { text: undefined }, { deleted: true }, { descending: false }])(
    'fits no list with %o',
    (other) => {
      expect(decodeCursor(cursor, alice, { ...scope, ...other })).toBeUndefined();
    },
  );

  it('that is too short is refused, even if its checksum is right', () => {
    const list = JSON.stringify([alice, false, null, 'milk', 'revision', true]);
    const forged = createHash('sha256').update(list).digest().subarray(0, 8).toString('base64url');
    expect(decodeCursor(forged, alice, scope)).toBeUndefined();
  });
});
