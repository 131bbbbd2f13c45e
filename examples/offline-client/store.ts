import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Position } from '../../clients/typescript/src/task-client.ts';

/** A task as the service answers it. */
export interface Task {
  readonly id: string;
  readonly title: string;
  readonly description: string | null;
  readonly completed: boolean;
  readonly revision: number;
}

export type Edit = Partial<Pick<Task, 'title' | 'description' | 'completed'>>;

/** What a person did while the service need not have been there. */
export type Operation =
  | { readonly kind: 'create'; readonly id: string; readonly edit: Edit & { readonly title: string } }
  | { readonly kind: 'edit'; readonly id: string; readonly base: number | undefined; readonly edit: Edit }
  | { readonly kind: 'remove'; readonly id: string; readonly base: number | undefined };

export interface State {
  /** How far `tasks` is a copy of what the service holds. */
  readonly position: Position | undefined;
  readonly tasks: Readonly<Record<string, Task>>;
  /** Not sent yet, or not known to have arrived; the oldest first. */
  readonly outbox: readonly Operation[];
}

const EMPTY: State = { position: undefined, tasks: {}, outbox: [] };

/** One file, replaced as a whole: whenever the program is killed, the file holds the state before a step or after it. */
export class FileStore {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  async load(): Promise<State> {
    try {
      return { ...EMPTY, ...JSON.parse(await readFile(this.#file, 'utf8')) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return EMPTY;
      throw error;
    }
  }

  async save(state: State): Promise<void> {
    const aside = `${this.#file}.${process.pid}`;
    await writeFile(aside, JSON.stringify(state), { flush: true });
    await rename(aside, this.#file);
  }
}
