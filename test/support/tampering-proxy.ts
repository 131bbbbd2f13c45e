import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface Tampering {
  /** Replaces a piece on its way to the server. */
  readonly up?: (piece: Buffer) => Buffer;
  /** Replaces a piece on its way to the client. */
  readonly down?: (piece: Buffer) => Buffer;
  /** Does not close the connection to the client when the server closes. */
  readonly hidesEnd?: boolean;
}

/** A proxy in front of a server that changes what passes through it. */
export class TamperingProxy {
  readonly url: string;
  readonly #close: () => void;
  readonly #sockets: Set<Socket>;
  readonly #seen: { [way in 'up' | 'down']: Buffer[] };

  private constructor(url: string, close: () => void, sockets: Set<Socket>, seen: { up: Buffer[]; down: Buffer[] }) {
    this.url = url;
    this.#close = close;
    this.#sockets = sockets;
    this.#seen = seen;
  }

  static async before(
    url: string,
    { up = same, down = same, hidesEnd = false }: Tampering = {},
  ): Promise<TamperingProxy> {
    const through = new URL(url);
    const port = Number(through.port);
    const sockets = new Set<Socket>();
    const seen = { up: [] as Buffer[], down: [] as Buffer[] };
    const server = createServer({ allowHalfOpen: true }, (client) => {
      const upstream = connect({ port, host: '127.0.0.1' });
      for (const socket of [client, upstream]) sockets.add(socket.on('error', () => {}));
      client.on('data', (piece) => {
        seen.up.push(piece);
        upstream.write(up(piece));
      });
      upstream.on('data', (piece) => {
        seen.down.push(piece);
        client.write(down(piece));
      });
      client.on('close', () => upstream.destroy()).on('end', () => upstream.end());
      if (!hidesEnd) upstream.on('end', () => client.end());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    through.hostname = '127.0.0.1';
    through.port = String((server.address() as AddressInfo).port);
    return new TamperingProxy(through.href, () => server.close(), sockets, seen);
  }

  /** Whether these words passed in that direction. */
  saw(way: 'up' | 'down', words: string): boolean {
    return Buffer.concat(this.#seen[way]).includes(words);
  }

  /** Resolves when these words have passed in that direction. */
  async until(way: 'up' | 'down', words: string): Promise<void> {
    while (!this.saw(way, words)) await new Promise((resolve) => setImmediate(resolve));
  }

  close(): void {
    this.#close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

const same = (piece: Buffer): Buffer => piece;

/** Replaces the process id in `BackendKeyData`, as a pooler does. */
export function asBehindPooler(piece: Buffer): Buffer {
  const at = piece.indexOf(Buffer.from([0x4b, 0, 0, 0, 12]));
  if (at < 0) return piece;
  const tampered = Buffer.from(piece);
  tampered.writeInt32BE(1_000_000_000, at + 5);
  return tampered;
}
