import { describe, expect, it } from 'vitest';
import { etagOf, parseResponse } from '../../bench/load/response.ts';

const bytes = (text: string) => Buffer.from(text);
const OK = 'HTTP/1.1 200 OK\r\nETag: "7"\r\nContent-Length: 5\r\n\r\nhello';

describe('a parsed response', () => {
  it('is returned when its body is complete', () => {
    for (let length = 0; length < OK.length; length++) {
      expect(parseResponse(bytes(OK.slice(0, length)))).toBeUndefined();
    }
    const response = parseResponse(bytes(OK));
    expect(response?.status).toBe(200);
    expect(response?.body.toString()).toBe('hello');
    expect(response && etagOf(response)).toBe('"7"');
  });

  it('without a body needs no Content-Length', () => {
    expect(parseResponse(bytes('HTTP/1.1 304 Not Modified\r\n\r\n'))?.status).toBe(304);
    expect(parseResponse(bytes('HTTP/1.1 204 No Content\r\ncontent-length: 9\r\n\r\n'))?.status).toBe(204);
  });

  it.each([
    ['more than one response', `${OK}!`],
    ['no Content-Length', 'HTTP/1.1 200 OK\r\n\r\nhello'],
    ['another protocol', 'HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n'],
  ])('with %s is rejected', (_what, text) => {
    expect(() => parseResponse(bytes(text))).toThrow();
  });
});
