import type { Sender } from './sender.ts';
import type { Senders } from './senders.ts';
import type { TaskRow } from './task-row.ts';
import { type Birth, FIND, INSERT, type Replacement, type TaskKey, UPDATE } from './task-statements.ts';

/** Reads and writes single tasks. Each answers the row as it now stands, or nothing if there is none that fits. */
export interface TaskRows {
  find(key: TaskKey): Promise<TaskRow | undefined>;
  insert(birth: Birth): Promise<TaskRow | undefined>;
  update(replacement: Replacement): Promise<TaskRow | undefined>;
}

/** A statement for each. */
export class SingleTaskRows implements TaskRows {
  readonly #senders: Senders;

  constructor(senders: Senders) {
    this.#senders = senders;
  }

  async find(key: TaskKey): Promise<TaskRow | undefined> {
    const [row] = await this.#senders.reads.send(FIND, key);
    return row;
  }

  async insert(birth: Birth): Promise<TaskRow | undefined> {
    const [row] = await writerOf(this.#senders, birth).send(INSERT, birth);
    return row;
  }

  async update(replacement: Replacement): Promise<TaskRow | undefined> {
    const [row] = await writerOf(this.#senders, replacement).send(UPDATE, replacement);
    return row;
  }
}

const writerOf = ({ writes }: Senders, { owner }: TaskKey): Sender => ofOwner(writes, owner);

/** Always the same one for the same owner. */
export function ofOwner<T>(all: readonly [T, ...T[]], owner: string): T {
  let hash = 0;
  for (let n = 0; n < owner.length; n++) hash = (hash * 31 + owner.charCodeAt(n)) | 0;
  return all[(hash >>> 0) % all.length] as T;
}
