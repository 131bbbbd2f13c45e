import { randomBytes, randomUUID } from 'node:crypto';
import type pg from 'pg';
import { expect } from 'vitest';
import { freshOwner } from '../../support/owners.ts';

/** A create that was tried. What the server says about it is added as it comes. */
export interface Try {
  readonly owner: string;
  readonly key: string | undefined;
  /** Its own: no two tries share a title. */
  readonly title: string;
  ack?: { readonly id: string; readonly revision: number };
}

interface Row {
  readonly user_id: string;
  readonly id: string;
  readonly title: string;
  readonly revision: string;
}

type Asks = (sql: string, values: unknown[]) => Promise<pg.QueryResultRow[]>;

const CANARY = /canary-[0-9a-f]{16}/g;

/** What was asked of the service and what it promised, to be compared with what the database holds. */
export class Ledger {
  readonly owners: readonly string[];
  readonly tries: Try[] = [];
  readonly #canaries = new Map<string, string>();
  readonly #acknowledged = new Map<string, Try[]>();

  constructor(owners: number) {
    this.owners = Array.from({ length: owners }, freshOwner);
    for (const owner of this.owners) {
      this.#canaries.set(owner, `canary-${randomBytes(8).toString('hex')}`);
      this.#acknowledged.set(owner, []);
    }
  }

  /** To be called before anything is sent. */
  try(owner: string, { withKey = true } = {}): Try {
    const title = `${this.#canaries.get(owner)} ${this.tries.length}`;
    const attempt: Try = { owner, title, key: withKey ? randomUUID() : undefined };
    this.tries.push(attempt);
    return attempt;
  }

  /** To be called with every 201. */
  ack(attempt: Try, id: string, etag: string | null): void {
    const revision = Number(/^"(\d+)"$/.exec(etag ?? '')?.[1]);
    expect(revision).toBeGreaterThan(0);
    // A repeated create says where the first one is, also when its answer was lost.
    if (attempt.ack !== undefined) expect({ id, revision }).toEqual(attempt.ack);
    else this.#acknowledged.get(attempt.owner)?.push(attempt);
    attempt.ack = { id, revision };
  }

  /** @returns what of others is in a text that is for one owner, or for nobody */
  foreignIn(text: string, owner?: string): string[] {
    const own = owner === undefined ? undefined : this.#canaries.get(owner);
    return (text.match(CANARY) ?? []).filter((canary) => canary !== own);
  }

  acknowledgedOf(owner: string): readonly Try[] {
    return this.#acknowledged.get(owner) ?? [];
  }

  /** Compares with the database; nothing may have been edited or deleted. @returns figures */
  async check(ask: Asks) {
    const rows = (await ask('select user_id, id, title, revision from tasks where user_id = any($1)', [
      this.owners,
    ])) as Row[];
    const stored = new Map(rows.map((row) => [row.id, row]));
    const known = new Map(this.tries.map((attempt) => [attempt.title, attempt]));
    const perTitle = new Map<string, number>();
    for (const { title } of rows) perTitle.set(title, (perTitle.get(title) ?? 0) + 1);

    const acknowledged = this.owners.flatMap((owner) => this.acknowledgedOf(owner));
    const lost = acknowledged.filter(({ owner, title, ack }) => {
      const row = stored.get(ack?.id ?? '');
      return row?.user_id !== owner || row.title !== title || Number(row.revision) !== ack?.revision;
    });
    const strangers = rows.filter(({ title, user_id }) => known.get(title)?.owner !== user_id);
    const duplicates = [...perTitle.values()].filter((times) => times > 1);
    return {
      tried: this.tries.length,
      acknowledged: acknowledged.length,
      lost: lost.length,
      duplicates: duplicates.length,
      strangers: strangers.length,
    };
  }
}

export const NOTHING_LOST = { lost: 0, duplicates: 0, strangers: 0 };
