import type { Statement } from '../sql/statement.ts';

/** What a lane needs of a connection. */
export interface Connection {
  readonly isUsable: boolean;
  readonly canBatch: boolean;
  send<Values, Result>(statement: Statement<Values, Result>, values: Values): Promise<Result>;
  check(now: number): void;
  close(): Promise<void>;
}

export interface ConnectionsOptions {
  /** Most connections. */
  readonly size: number;
  readonly open: () => Promise<Connection>;
  readonly onOpen: () => void;
  /** Called when a connection could not be opened and there is no other. */
  readonly onFailure: (error: unknown) => void;
}

/** After a failure, while there are other connections. */
const OPEN_AGAIN_MS = 1_000;

/** The connections of one lane. They open on demand. */
export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #all = new Set<Connection>();
  readonly #idle: Connection[] = [];
  #opening = 0;
  #openAgainAt = 0;
  #isClosed = false;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#all.size;
  }

  /** @returns an idle connection, `undefined` if there is none */
  take(): Connection | undefined {
    for (;;) {
      const connection = this.#idle.pop();
      if (connection === undefined || connection.isUsable) return connection;
      this.#all.delete(connection);
    }
  }

  /** Takes a connection back. */
  release(connection: Connection): void {
    if (connection.isUsable) this.#idle.push(connection);
    else this.#all.delete(connection);
  }

  /** @param waiting items that could use a connection */
  openFor(waiting: number): void {
    if (this.#all.size + this.#opening >= this.#options.size || this.#opening >= waiting) return;
    if (this.#all.size > 0 && performance.now() < this.#openAgainAt) return;
    this.#open();
  }

  /** Opens the first connection before it is needed. */
  warm(): void {
    this.#removeClosed();
    if (this.#all.size + this.#opening === 0) this.#open();
  }

  /** Closes silent, idle and old connections. To be called about twice a second. */
  check(now: number): void {
    for (const connection of this.#all) connection.check(now);
    this.#removeClosed();
  }

  closeIdle(): void {
    for (const connection of this.#idle.splice(0)) {
      this.#all.delete(connection);
      void connection.close();
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(Array.from(this.#all, (connection) => connection.close()));
  }

  #removeClosed(): void {
    const usable = this.#idle.filter((connection) => connection.isUsable || !this.#all.delete(connection));
    this.#idle.splice(0, this.#idle.length, ...usable);
  }

  #open(): void {
    this.#opening++;
    this.#options.open().then(
      (connection) => {
        this.#opening--;
        if (this.#isClosed) return void connection.close();
        this.#all.add(connection);
        this.#idle.push(connection);
        this.#options.onOpen();
      },
      (error) => {
        this.#opening--;
        this.#openAgainAt = performance.now() + OPEN_AGAIN_MS;
        if (this.#all.size === 0) this.#options.onFailure(error);
      },
    );
  }
}
