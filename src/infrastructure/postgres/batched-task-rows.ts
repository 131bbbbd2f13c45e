import { birthsOf, FIND_MANY, INSERT_MANY, keysOf, nameOf, replacementsOf, UPDATE_MANY } from './batch-statements.ts';
import { Batches } from './batches.ts';
import { type DatabaseFault, faultOf } from './database-errors.ts';
import type { Sender } from './sender.ts';
import type { Senders } from './senders.ts';
import type { Statement } from './statement.ts';
import type { TaskRow } from './task-row.ts';
import { ofOwner, SingleTaskRows, type TaskRows } from './task-rows.ts';
import { type Birth, FIND, INSERT, type Replacement, type TaskKey, UPDATE } from './task-statements.ts';

/** With one, reads that came late would wait although the server could already work on them. */
const READS_AT_ONCE = 2;

type Asked = TaskRow | undefined;

/** One statement for all that is asked for at the same time, of whatever owners. */
export class BatchedTaskRows implements TaskRows {
  readonly #finds: Batches<TaskKey, Asked>;
  readonly #inserts: readonly [Batches<Birth, Asked>, ...Batches<Birth, Asked>[]];
  readonly #updates: readonly [Batches<Replacement, Asked>, ...Batches<Replacement, Asked>[]];

  constructor(senders: Senders) {
    const { reads, searches, writes } = senders;
    // Those who are alone because a batch failed must not hold up others, for one of them is to blame.
    const alone = new SingleTaskRows({ reads: searches, searches, writes: [searches] });
    this.#finds = new Batches({
      atOnce: READS_AT_ONCE,
      send: (keys) => rowsOf(keys, { sender: reads, one: FIND, many: FIND_MANY, toValues: keysOf }),
      sendAlone: (key) => alone.find(key),
      tookNoEffect,
    });
    const inserts = (sender: Sender) =>
      new Batches<Birth, Asked>({
        atOnce: 1,
        keyOf: nameOfTask,
        send: (births) => rowsOf(births, { sender, one: INSERT, many: INSERT_MANY, toValues: birthsOf }),
        sendAlone: (birth) => alone.insert(birth),
        tookNoEffect,
      });
    const updates = (sender: Sender) =>
      new Batches<Replacement, Asked>({
        atOnce: 1,
        keyOf: nameOfTask,
        send: (all) => rowsOf(all, { sender, one: UPDATE, many: UPDATE_MANY, toValues: replacementsOf }),
        sendAlone: (replacement) => alone.update(replacement),
        tookNoEffect,
      });
    const [first, ...others] = writes;
    this.#inserts = [inserts(first), ...others.map(inserts)];
    this.#updates = [updates(first), ...others.map(updates)];
  }

  find(key: TaskKey): Promise<Asked> {
    return this.#finds.ask(key);
  }

  insert(birth: Birth): Promise<Asked> {
    return ofOwner(this.#inserts, birth.owner).ask(birth);
  }

  update(replacement: Replacement): Promise<Asked> {
    return ofOwner(this.#updates, replacement.owner).ask(replacement);
  }
}

interface Shapes<Item, Values> {
  readonly sender: Sender;
  readonly one: Statement<Item, TaskRow>;
  readonly many: Statement<Values, TaskRow>;
  readonly toValues: (items: readonly Item[]) => Values;
}

/** The rows in the order of the items, found by what each says of itself. */
async function rowsOf<Item extends TaskKey, Values>(
  items: readonly Item[],
  { sender, one, many, toValues }: Shapes<Item, Values>,
): Promise<readonly Asked[]> {
  const [alone] = items;
  // What is simpler to plan and to run.
  if (items.length === 1 && alone !== undefined) return sender.send(one, alone);
  const rows = await sender.send(many, toValues(items));
  const byName = new Map(rows.map((row) => [nameOf(row.id, row.user_id), row]));
  return items.map((item) => byName.get(nameOfTask(item)));
}

const nameOfTask = ({ id, owner }: TaskKey): string => nameOf(id, owner);

/** What one member may have brought upon all. */
const OF_ONE_MEMBER: readonly DatabaseFault[] = ['rolled-back', 'too-slow', 'refused'];

const tookNoEffect = (error: unknown): boolean => OF_ONE_MEMBER.includes(faultOf(error));
