export interface Answer {
  readonly status: number;
  /** The status line and the headers, as they came. */
  readonly head: string;
  readonly body: Buffer;
}

const END_OF_HEAD = Buffer.from('\r\n\r\n');
const CONTENT_LENGTH = /\r\ncontent-length: *(\d+)/i;
const ETAG = /\r\netag: *("[^"]*")/i;

/**
 * Takes one answer of HTTP/1.1 out of what has arrived. Only what the programs under test send: a body has a length.
 * @returns nothing as long as it is not whole
 * @throws if it is anything else
 */
export function answerOf(bytes: Buffer): Answer | undefined {
  const endOfHead = bytes.indexOf(END_OF_HEAD);
  if (endOfHead === -1) return undefined;
  const head = bytes.toString('latin1', 0, endOfHead);
  if (!head.startsWith('HTTP/1.1 ')) throw new Error('It is not HTTP/1.1');
  const status = Number(head.slice(9, 12));
  const length = status === 304 || status === 204 ? 0 : lengthOf(head);
  const begin = endOfHead + END_OF_HEAD.length;
  if (bytes.length < begin + length) return undefined;
  if (bytes.length > begin + length) throw new Error('More arrived than was asked for');
  return { status, head, body: bytes.subarray(begin) };
}

function lengthOf(head: string): number {
  const [, digits] = CONTENT_LENGTH.exec(head) ?? [];
  if (digits === undefined) throw new Error('The answer does not tell the length of its body');
  return Number(digits);
}

/** With its quotes. */
export const etagIn = ({ head }: Answer): string | undefined => ETAG.exec(head)?.[1];
