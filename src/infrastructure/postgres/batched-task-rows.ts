import { birthsOf, FIND_MANY, INSERT_MANY, keysOf, nameOf, replacementsOf, UPDATE_MANY } from './batch-statements.ts';
import { Batches, type BatchesOptions } from './batches.ts';
import { type DatabaseFault, faultOf } from './database-errors.ts';
import type { Observers } from './observers.ts';
import { OwnerTurns } from './owner-turns.ts';
import type { Sender } from './sender.ts';
import type { Senders } from './senders.ts';
import type { TaskRow } from './task-row.ts';
import { ofOwner, SingleTaskRows, type TaskRows } from './task-rows.ts';
import {
  type Birth,
  FIND,
  INSERT,
  INSERT_IF_FREE,
  type Replacement,
  type TaskKey,
  UPDATE_IF_FREE,
} from './task-statements.ts';

/** With one, reads that came late would wait although the server could already work on them. */
const READS_AT_ONCE = 2;

type Asked = TaskRow | undefined;
/** One for each way, so that there is always one batch at a time on each. */
type Ways<Item> = readonly [Batches<Item, Asked>, ...Batches<Item, Asked>[]];

/** One statement for all that is asked for at the same time, of whatever owners. */
export class BatchedTaskRows implements TaskRows {
  readonly #finds: Batches<TaskKey, Asked>;
  readonly #inserts: Ways<Birth>;
  readonly #updates: Ways<Replacement>;

  readonly #single: TaskRows;
  readonly #turns: OwnerTurns;

  constructor({ reads, searches, writes, mayWait }: Senders, observers: Observers = {}) {
    this.#single = new SingleTaskRows({ reads: searches, searches, writes: [searches], mayWait });
    this.#turns = new OwnerTurns(mayWait);
    this.#finds = new Batches({
      name: 'find',
      observers,
      atOnce: READS_AT_ONCE,
      send: (keys) => findAll(reads, keys),
      sendAlone: (key) => this.#turns.alone(() => this.#single.find(key)),
      isOfOneMember,
    });
    this.#inserts = waysOf(writes, (sender) => {
      const sendAlone = (birth: Birth) =>
        this.#alone(
          birth,
          (single) => single.insert(birth),
          (batched) => batched.insert(birth),
        );
      const told = { name: 'insert', observers, sendAlone };
      return writesOver<Birth>(told, async (births) => {
        const only = onlyOf(births);
        const [row] = only === undefined ? [] : await sender.send(INSERT_IF_FREE, only);
        if (row !== undefined) return [row];
        // Which tells a new owner from one who is locked.
        const rows = await sender.send(INSERT_MANY, birthsOf(births));
        const newOwners = new Set(rows.flatMap(({ id, user_id }) => (id === null ? [user_id] : [])));
        const stored = byName(rows.filter((row): row is TaskRow => row.id !== null));
        // For a new owner there is nobody to wait for, or only for a moment.
        const sendFirst = async (birth: Birth) => (await sender.send(INSERT, birth))[0];
        return births.map(
          (birth) =>
            stored.get(nameOfTask(birth)) ?? (newOwners.has(birth.owner) ? sendFirst(birth) : sendAlone(birth)),
        );
      });
    });
    this.#updates = waysOf(writes, (sender) => {
      const sendAlone = (replacement: Replacement) =>
        this.#alone(
          replacement,
          (single) => single.update(replacement),
          (batched) => batched.update(replacement),
        );
      const told = { name: 'update', observers, sendAlone };
      return writesOver<Replacement>(told, async (replacements) => {
        const only = onlyOf(replacements);
        if (only !== undefined) return [(await sender.send(UPDATE_IF_FREE, only))[0] ?? sendAlone(only)];
        const stored = byName(await sender.send(UPDATE_MANY, replacementsOf(replacements)));
        return replacements.map((replacement) => stored.get(nameOfTask(replacement)) ?? sendAlone(replacement));
      });
    });
  }

  find(key: TaskKey): Promise<Asked> {
    return this.#finds.ask(key);
  }

  async insert(birth: Birth): Promise<Asked> {
    await this.#turns.of(birth.owner);
    return ofOwner(this.#inserts, birth.owner).ask(birth);
  }

  async update(replacement: Replacement): Promise<Asked> {
    await this.#turns.of(replacement.owner);
    return ofOwner(this.#updates, replacement.owner).ask(replacement);
  }

  /** If another one of its owner is alone already, it joins a batch again when that one is over. */
  async #alone(
    { owner }: TaskKey,
    send: (single: TaskRows) => Promise<Asked>,
    again: (batched: TaskRows) => Promise<Asked>,
  ): Promise<Asked> {
    const turn = this.#turns.of(owner);
    if (turn === undefined) return this.#turns.lead(owner, () => send(this.#single));
    await turn;
    return again(this);
  }
}

const waysOf = <Item>(
  [first, ...others]: Senders['writes'],
  batchesOver: (sender: Sender) => Batches<Item, Asked>,
): Ways<Item> => [batchesOver(first), ...others.map(batchesOver)];

/** What a batch leaves out, because of a lock or because there is nothing to be done, a statement of its own decides. */
const writesOver = <Item extends TaskKey>(
  told: Pick<BatchesOptions<Item, Asked>, 'name' | 'observers' | 'sendAlone'>,
  send: BatchesOptions<Item, Asked>['send'],
) => new Batches<Item, Asked>({ ...told, atOnce: 1, keyOf: nameOfTask, send, isOfOneMember });

async function findAll(sender: Sender, keys: readonly TaskKey[]): Promise<readonly Asked[]> {
  const only = onlyOf(keys);
  if (only !== undefined) return [(await sender.send(FIND, only))[0]];
  const rows = byName(await sender.send(FIND_MANY, keysOf(keys)));
  return keys.map((key) => rows.get(nameOfTask(key)));
}

/** For which there is a statement that is simpler to run. */
const onlyOf = <Item>(items: readonly Item[]): Item | undefined => (items.length === 1 ? items[0] : undefined);

/** Found by what each row says of itself. */
const byName = (rows: readonly TaskRow[]): ReadonlyMap<string, TaskRow> =>
  new Map(rows.map((row) => [nameOf(row.id, row.user_id), row]));

const nameOfTask = ({ id, owner }: TaskKey): string => nameOf(id, owner);

/** What one member may have brought upon all. */
const OF_ONE_MEMBER: readonly DatabaseFault[] = ['rolled-back', 'refused'];

const isOfOneMember = (error: unknown): boolean => OF_ONE_MEMBER.includes(faultOf(error));
