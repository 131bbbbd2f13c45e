export interface HttpResponse {
  readonly status: number;
  /** Status line and headers. */
  readonly head: string;
  readonly body: Buffer;
}

const END_OF_HEAD = Buffer.from('\r\n\r\n');
const CONTENT_LENGTH = /\r\ncontent-length: *(\d+)/i;
const ETAG = /\r\netag: *("[^"]*")/i;

/**
 * Parses one HTTP/1.1 response with a `Content-Length`.
 * @returns `undefined` while the response is incomplete
 * @throws for anything else
 */
export function parseResponse(bytes: Buffer): HttpResponse | undefined {
  const endOfHead = bytes.indexOf(END_OF_HEAD);
  if (endOfHead === -1) return undefined;
  const head = bytes.toString('latin1', 0, endOfHead);
  if (!head.startsWith('HTTP/1.1 ')) throw new Error('not HTTP/1.1');
  const status = Number(head.slice(9, 12));
  const length = status === 304 || status === 204 ? 0 : lengthOf(head);
  const begin = endOfHead + END_OF_HEAD.length;
  if (bytes.length < begin + length) return undefined;
  if (bytes.length > begin + length) throw new Error('more bytes than one response');
  return { status, head, body: bytes.subarray(begin) };
}

function lengthOf(head: string): number {
  const [, digits] = CONTENT_LENGTH.exec(head) ?? [];
  if (digits === undefined) throw new Error('no Content-Length');
  return Number(digits);
}

/** Includes the quotes. */
export const etagOf = ({ head }: HttpResponse): string | undefined => ETAG.exec(head)?.[1];
