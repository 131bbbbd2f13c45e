import { describe, expect, it } from 'vitest';
import { StorageUnavailable } from '../../src/application/ports.ts';
import { describeError } from '../../src/infrastructure/logger.ts';

describe('an error in the log', () => {
  it('has its type, message, code, cause, and where it was thrown', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const described = describeError(new TypeError('It failed', { cause }));
    expect(described).toMatchObject({
      type: 'TypeError',
      message: 'It failed',
      cause: { message: 'connect ECONNREFUSED', code: 'ECONNREFUSED' },
      stack: expect.stringMatching(/^\s+at /),
    });
  });

  it.each([true, false])('says whether a write may have taken effect: %s', (mayHaveTakenEffect) => {
    const error = new StorageUnavailable('It is gone', { retryAfter: 1, mayHaveTakenEffect });
    expect(describeError(error)).toMatchObject({ mayHaveTakenEffect, stack: undefined });
    expect(JSON.parse(JSON.stringify(describeError(new Error('Another'))))).not.toHaveProperty('mayHaveTakenEffect');
  });

  it('holds no statement', () => {
    const error = Object.assign(
      new Error('select "title" from "tasks" where "user_id" = $1 - relation "tasks" does not exist'),
      {
        code: '42P01',
      },
    );
    expect(describeError(error)).toMatchObject({ message: 'relation "tasks" does not exist' });
    expect(JSON.stringify(describeError(error))).not.toContain('select');
  });

  it.each(['22P02', '23505', '23514'])('does not quote data: %s', (code) => {
    const error = Object.assign(new Error('insert into x - invalid input: "my secret"'), { code, detail: 'my secret' });
    expect(JSON.stringify(describeError(error))).not.toContain('my secret');
  });
});
