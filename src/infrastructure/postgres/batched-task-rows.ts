import {
  birthsOf,
  FIND_MANY,
  INSERT_MANY,
  keysOf,
  nameOf,
  replacementsOf,
  UPDATE_MANY,
  type Writes,
} from './batch-statements.ts';
import { Batches, type BatchesOptions } from './batches.ts';
import { type DatabaseFault, faultOf } from './database-errors.ts';
import type { Observers } from './observers.ts';
import { OwnerTurns } from './owner-turns.ts';
import type { Sender } from './sender.ts';
import type { Senders } from './senders.ts';
import type { Statement } from './statement.ts';
import type { TaskRow } from './task-row.ts';
import { ofOwner, SingleTaskRows, type TaskRows } from './task-rows.ts';
import { type Birth, FIND, type Replacement, type TaskKey } from './task-statements.ts';

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
    this.#inserts = waysOf(writes, (sender) =>
      writesOver(sender, INSERT_MANY, birthsOf, {
        name: 'insert',
        observers,
        sendAlone: (birth) =>
          this.#alone(
            birth,
            (single) => single.insert(birth),
            (batched) => batched.insert(birth),
          ),
      }),
    );
    this.#updates = waysOf(writes, (sender) =>
      writesOver(sender, UPDATE_MANY, replacementsOf, {
        name: 'update',
        observers,
        sendAlone: (replacement) =>
          this.#alone(
            replacement,
            (single) => single.update(replacement),
            (batched) => batched.update(replacement),
          ),
      }),
    );
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

const writesOver = <Item extends TaskKey>(
  sender: Sender,
  statement: Statement<Writes, TaskRow>,
  toValues: (items: readonly Item[]) => Writes,
  { sendAlone, ...told }: Pick<BatchesOptions<Item, Asked>, 'name' | 'observers' | 'sendAlone'>,
) =>
  new Batches<Item, Asked>({
    ...told,
    atOnce: 1,
    keyOf: nameOfTask,
    send: async (items) => {
      const rows = byName(await sender.send(statement, toValues(items)));
      // Left out because of a lock, or because there is nothing to be done: a statement of its own tells.
      return items.map((item) => rows.get(nameOfTask(item)) ?? sendAlone(item));
    },
    sendAlone,
    isOfOneMember,
  });

async function findAll(sender: Sender, keys: readonly TaskKey[]): Promise<readonly Asked[]> {
  const [first] = keys;
  // What is simpler to run.
  if (keys.length === 1 && first !== undefined) return [(await sender.send(FIND, first))[0]];
  const rows = byName(await sender.send(FIND_MANY, keysOf(keys)));
  return keys.map((key) => rows.get(nameOfTask(key)));
}

/** Found by what each row says of itself. */
const byName = (rows: readonly TaskRow[]): ReadonlyMap<string, TaskRow> =>
  new Map(rows.map((row) => [nameOf(row.id, row.user_id), row]));

const nameOfTask = ({ id, owner }: TaskKey): string => nameOf(id, owner);

/** What one member may have brought upon all. */
const OF_ONE_MEMBER: readonly DatabaseFault[] = ['rolled-back', 'refused'];

const isOfOneMember = (error: unknown): boolean => OF_ONE_MEMBER.includes(faultOf(error));
