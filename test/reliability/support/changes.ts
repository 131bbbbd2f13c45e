import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { freshOwner } from '../../support/owners.ts';
import { type Seen, send } from './client.ts';

/** What a client holds its task for. */
interface Known {
  readonly id: string;
  readonly revision: number;
  /** How often it was changed, which the task itself says too. */
  readonly changes: number;
}

interface Row {
  readonly revision: string;
  readonly description: string;
}

type Asks = (sql: string, values: unknown[]) => Promise<pg.QueryResultRow[]>;

/** Clients that each change a task of their own, and look what became of a change of which they were told nothing. */
export class Changes {
  readonly #at: () => string;
  readonly #known = new Map<string, Known>();
  readonly #work: Promise<unknown>;
  #acknowledged = 0;
  #unknown = 0;
  /** Changes that were made twice, were lost, or were refused without an excuse. */
  readonly #wrong: string[] = [];
  #isStopped = false;

  /** @param at where the service is now */
  constructor(at: () => string, clients: number) {
    this.#at = at;
    this.#work = Promise.all(Array.from({ length: clients }, () => this.#change(freshOwner())));
    this.#work.catch(() => {});
  }

  /** Fulfilled when each client knows what became of its last change. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#work;
  }

  /** Compares what clients know with the database. @returns figures */
  async check(ask: Asks) {
    for (const [owner, { id, revision, changes }] of this.#known) {
      const sql = 'select revision, description from tasks where user_id = $1 and id = $2';
      const [row] = (await ask(sql, [owner, id])) as Row[];
      if (Number(row?.revision) !== revision || row?.description !== String(changes)) this.#wrong.push('stored');
    }
    return { acknowledged: this.#acknowledged, unknown: this.#unknown, wrong: this.#wrong };
  }

  async #change(owner: string): Promise<void> {
    const list = () => `${this.#at()}/api/${owner}/tasks`;
    const body = { title: 'Count', description: '0' };
    const headers = { 'idempotency-key': owner };
    const { json: task } = await this.#until(201, () => send(list(), { body, headers }));
    const { id } = task;
    let known: Known = { id, revision: task.revision, changes: 0 };
    this.#known.set(owner, known);

    while (!this.#isStopped) {
      const description = String(known.changes + 1);
      const seen = await send(`${list()}/${id}`, { method: 'PATCH', body: { description } });
      const isAcknowledged = seen.status === 200;
      if (isAcknowledged) this.#acknowledged += 1;
      else {
        this.#unknown += 1;
        this.#mustBeExcused(seen);
      }
      const { json: now } = isAcknowledged ? seen : await this.#until(200, () => send(`${list()}/${id}`));
      const made = now.revision - known.revision;
      const isRight = made === 1 || (made === 0 && !isAcknowledged);
      if (!isRight || now.description !== String(known.changes + made)) {
        this.#wrong.push(`${made} changes instead of one, after ${seen.status}`);
      }
      known = { id, revision: now.revision, changes: Number(now.description) };
      this.#known.set(owner, known);
    }
  }

  async #until(status: number, ask: () => Promise<Seen>): Promise<Seen> {
    for (;;) {
      const seen = await ask();
      if (seen.status === status) return seen;
      this.#mustBeExcused(seen);
      await sleep(20);
    }
  }

  #mustBeExcused({ status, headers }: Seen): void {
    if (status === 0 || (status === 503 && /^\d+$/.test(headers.get('retry-after') ?? ''))) return;
    this.#wrong.push(`answered ${status}`);
  }
}
