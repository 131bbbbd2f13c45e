import type { Socket } from 'node:net';
import type { FastifyReply } from 'fastify';
import type { CallOptions } from '../../../application/ports.ts';
import type { UserId } from '../../../domain/ids.ts';
import type { Connection } from './pipelining.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before any other hook runs. Requests without a valid URL have none, but reach no handler either. */
    call: Call;
  }
}

/** The state of one request, from its headers to the end of its response. Use cases take it as their options. */
export class Call implements CallOptions {
  readonly reply: FastifyReply;
  readonly socket: Socket;
  readonly connection: Connection;
  readonly onSend: () => void;
  /** The call itself, because an `AbortController` per request costs more than all other state. */
  readonly signal: { readonly aborted: boolean } = this;
  /** Whether the response was decided, or the client left. */
  aborted = false;
  /** Whether the response was sent or cannot be sent any more. */
  isClosed = false;
  hasClientLeft = false;
  /** Whether a statement was sent to the database. */
  hasSent = false;
  /** `undefined` before admission, and for routes without a user. */
  userId: UserId | undefined;
  /** Reserved for the response, or waiting to be sent. */
  responseBytes = 0;
  deadline: NodeJS.Timeout | undefined;
  /** Starts a request that is held back behind earlier ones of its connection. */
  start: (() => void) | undefined;

  constructor(reply: FastifyReply, socket: Socket, connection: Connection) {
    this.reply = reply;
    this.socket = socket;
    this.connection = connection;
    this.onSend = markSent.bind(undefined, this);
  }
}

function markSent(call: Call): void {
  call.hasSent = true;
}
