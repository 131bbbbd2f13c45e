import { NotSent } from './database-errors.ts';
import { atEndOfTurn } from './end-of-turn.ts';
import type { Observers } from './observers.ts';

export interface BatchesOptions<Item, Answer> {
  /** What it is called where its size is told. */
  readonly name?: string;
  readonly observers?: Observers;
  /** Most batches that are under way at a time. What comes meanwhile makes up the next one. */
  readonly atOnce: number;
  /** What no two members of a batch may have in common, if there is such a thing. */
  readonly keyOf?: (item: Item) => string;
  /** The answers in the order of the items. Those that need more time are promised; the next batch does not wait for them. */
  readonly send: (items: readonly Item[]) => Promise<readonly (Answer | Promise<Answer>)[]>;
  /** For members of a batch that failed. */
  readonly sendAlone: (item: Item) => Promise<Answer>;
  /** Whether a batch failed, without effect, for what one of its members had brought upon all. */
  readonly isOfOneMember: (error: unknown) => boolean;
}

const MAX_MEMBERS = 64;

interface Member<Item, Answer> {
  readonly item: Item;
  readonly asker: unknown;
  readonly resolve: (answer: Answer | Promise<Answer>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Asks for several things in one statement, when they are asked for at the same time. Nobody waits for others to come: a
 * batch leaves at the end of the turn, or as soon as one before it has returned, so that batches grow with the load alone.
 */
export class Batches<Item, Answer> {
  readonly #options: BatchesOptions<Item, Answer>;
  #waiting: Member<Item, Answer>[] = [];
  #underWay = 0;
  #isDue = false;

  constructor(options: BatchesOptions<Item, Answer>) {
    this.#options = options;
  }

  ask(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, asker: this.#options.observers?.traces?.asker(), resolve, reject });
      if (this.#underWay >= this.#options.atOnce || this.#isDue) return;
      this.#isDue = true;
      atEndOfTurn(() => {
        this.#isDue = false;
        this.#sendWaiting();
      });
    });
  }

  #sendWaiting(): void {
    while (this.#waiting.length > 0 && this.#underWay < this.#options.atOnce) void this.#sendBatch(this.#take());
  }

  async #sendBatch(members: readonly Member<Item, Answer>[]): Promise<void> {
    this.#underWay++;
    try {
      const answers = await this.#send(members);
      for (const [n, { resolve }] of members.entries()) resolve(answers[n] as Answer | Promise<Answer>);
    } catch (error) {
      const mayBeRepeated = members.length > 1 && this.#options.isOfOneMember(error);
      if (mayBeRepeated) this.#sendSingly(members);
      else for (const { reject } of members) reject(error);
      // Who has waited for it in vain decides anew how long to wait.
      if (!this.#options.isOfOneMember(error)) this.#turnAway(error);
    } finally {
      this.#underWay--;
      this.#sendWaiting();
    }
  }

  #send(members: readonly Member<Item, Answer>[]) {
    const { name = '', observers: { metrics, traces } = {}, send } = this.#options;
    metrics?.batchSent(name, members.length);
    const items = members.map(({ item }) => item);
    if (traces === undefined) return send(items);
    return traces.onBehalfOf(
      members.map(({ asker }) => asker),
      () => send(items),
    );
  }

  #turnAway(cause: unknown): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { reject } of waiting) reject(new NotSent('The batch before was lost', { cause }));
  }

  /** So that only the member fails on which it failed. */
  #sendSingly(members: readonly Member<Item, Answer>[]): void {
    const { observers: { traces } = {}, sendAlone } = this.#options;
    for (const { item, asker, resolve, reject } of members) {
      const answer = traces === undefined ? sendAlone(item) : traces.onBehalfOf([asker], () => sendAlone(item));
      answer.then(resolve, reject);
    }
  }

  /** The first ones, but of those with one key only the first. */
  #take(): readonly Member<Item, Answer>[] {
    const { keyOf } = this.#options;
    if (keyOf === undefined) return this.#waiting.splice(0, MAX_MEMBERS);
    const keys = new Set<string>();
    const taken: Member<Item, Answer>[] = [];
    const left: Member<Item, Answer>[] = [];
    for (const member of this.#waiting) {
      const key = keyOf(member.item);
      if (taken.length >= MAX_MEMBERS || keys.has(key)) left.push(member);
      else taken.push(member);
      keys.add(key);
    }
    this.#waiting = left;
    return taken;
  }
}
