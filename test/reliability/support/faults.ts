/** What a connection through a fault proxy suffers. Up is from the client to the server, down the way back. */
export type Fault =
  | { readonly kind: 'pass' }
  /** Each piece is late by `ms`, and by up to `jitterMs` more. */
  | { readonly kind: 'latency'; readonly ms: number; readonly jitterMs?: number }
  /** At most `bytes` at a time, with a pause after each. */
  | { readonly kind: 'slicer'; readonly bytes: number; readonly pauseMs: number }
  /** Reset when that many bytes have gone down; 0: the request arrives, and no byte of its answer. */
  | { readonly kind: 'limitBytes'; readonly bytes: number }
  /** The server is reached that much later. */
  | { readonly kind: 'acceptDelay'; readonly ms: number }
  /** Nobody listens. What is connected stays so. */
  | { readonly kind: 'refuse' }
  /** Closed in order, or reset: what is connected, and whoever connects. */
  | { readonly kind: 'fin' | 'rst' }
  /** Nothing is relayed and nothing closed, in both directions or down alone. */
  | { readonly kind: 'freeze' | 'freezeDown' }
  /** Reset before a matching piece goes up. `times` counts over all connections; unset: always. */
  | { readonly kind: 'killOn'; readonly pattern: RegExp; readonly times?: number }
  /**
   * Reset when PostgreSQL has executed a matching statement (its CommandComplete was seen), or has committed it
   * (ReadyForQuery was seen). No byte of the answer goes down.
   */
  | { readonly kind: 'killAfterComplete' | 'killAfterReady'; readonly pattern: RegExp; readonly times?: number };

export const PASS: Fault = { kind: 'pass' };

export type Kill = Extract<Fault, { pattern: RegExp }>;

export const isKill = (fault: Fault): fault is Kill => 'pattern' in fault;

const LAST_MESSAGE = { killAfterComplete: 'C', killAfterReady: 'Z' } as const;

/**
 * Whether an answer of PostgreSQL has come to the message that a kill waits for. Messages are a letter and a length:
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export function hasAnswered(answer: Buffer, { kind }: { kind: keyof typeof LAST_MESSAGE }): boolean {
  for (let at = 0; at + 5 <= answer.length; at += 1 + answer.readUInt32BE(at + 1)) {
    if (String.fromCharCode(answer.readUInt8(at)) === LAST_MESSAGE[kind]) return true;
  }
  return false;
}
