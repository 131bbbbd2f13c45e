import { describe, expect, it } from 'vitest';
import { answerOf, etagIn } from '../../bench/load/answer.ts';

const bytes = (text: string) => Buffer.from(text);
const OK = 'HTTP/1.1 200 OK\r\nETag: "7"\r\nContent-Length: 5\r\n\r\nhello';

describe('an answer', () => {
  it('is whole as soon as its body is', () => {
    for (let length = 0; length < OK.length; length++) {
      expect(answerOf(bytes(OK.slice(0, length)))).toBeUndefined();
    }
    const answer = answerOf(bytes(OK));
    expect(answer?.status).toBe(200);
    expect(answer?.body.toString()).toBe('hello');
    expect(answer && etagIn(answer)).toBe('"7"');
  });

  it('without a body needs no length', () => {
    expect(answerOf(bytes('HTTP/1.1 304 Not Modified\r\n\r\n'))?.status).toBe(304);
    expect(answerOf(bytes('HTTP/1.1 204 No Content\r\ncontent-length: 9\r\n\r\n'))?.status).toBe(204);
  });

  it.each([
    ['more than was asked for', `${OK}!`],
    ['no length', 'HTTP/1.1 200 OK\r\n\r\nhello'],
    ['another protocol', 'HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n'],
  ])('with %s is refused', (_what, text) => {
    expect(() => answerOf(bytes(text))).toThrow();
  });
});
