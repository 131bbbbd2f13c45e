import { vi } from 'vitest';
import { CallAborted } from '../../../src/application/ports.ts';
import { ConnectionFailed } from '../../../src/infrastructure/postgres/resilience/errors.ts';
import { Scheduler } from '../../../src/infrastructure/postgres/scheduling/scheduler.ts';
import type { LaneName } from '../../../src/infrastructure/postgres/sql/statement.ts';
import { FakeDatabase, type FakeQuery, fakeQuery, type Outcome, type Sending, serverError } from './fake-database.ts';

/** Items that one user queues at once. */
export interface Burst {
  readonly atMs: number;
  readonly user: number;
  /** Index in `QUERIES`. */
  readonly query: number;
  readonly count: number;
  /** The items name this many tasks, in turn. */
  readonly tasks: number;
  readonly abortAfterMs: number | undefined;
  /** How long another transaction locks the tasks, from the moment of queueing. */
  readonly lockedMs: number;
}

export const ENDINGS = ['rows', 'serialization', 'bad-value', 'syntax', 'lock-timeout', 'lost', 'shutdown'] as const;

export interface Schedule {
  readonly sizes: Readonly<Record<LaneName, number>>;
  readonly canBatch: boolean;
  readonly bursts: readonly Burst[];
  /** Attempts to connect, repeated endlessly. */
  readonly connects: readonly { readonly ms: number; readonly fails: boolean }[];
  /** Statements, repeated endlessly. */
  readonly statements: readonly { readonly ms: number; readonly ending: (typeof ENDINGS)[number] }[];
  /** When all connections that are idle die, unnoticed. */
  readonly deathsMs: readonly number[];
}

export const QUERIES: readonly FakeQuery[] = [
  fakeQuery('find', 'read', 'read', { batchSize: 64 }),
  fakeQuery('revision', 'read', 'read', { batchSize: 8 }),
  fakeQuery('create', 'write', 'idempotent', { batchSize: 64, waits: true }),
  fakeQuery('replace', 'write', 'write', { batchSize: 5, waits: true }),
  fakeQuery('list', 'page', 'read', { batchSize: 3 }),
  fakeQuery('changes', 'page', 'read'),
  fakeQuery('search', 'scan', 'read'),
  fakeQuery('count', 'scan', 'read'),
];

/** What must hold in every schedule. */
export const INVARIANTS = [
  'settles every item',
  'returns to each item its own rows',
  'sends nothing for an item whose signal is aborted',
  'calls onSend once before each sending',
  'leaves no connection idle while its lane has an item that could be sent',
  'sends one statement at a time on a connection',
  'opens no more connections than a lane may have',
  'sends one write of a task at a time, over all lanes',
  'sends the writes of a task in the order in which they were queued',
  'starts the items of one user, lane and query in FIFO order',
  'keeps a batch within its maximum size',
  'puts one query only into a batch',
  'sends one item per statement where it cannot batch',
  'gives one user no more than a quarter of a lane while another user waits',
  'leaves a connection of the scan lane to other users',
  'starts the only item of a user before any other user had two turns',
  'waits for locks in the isolated lane only',
] as const;

export type Invariant = (typeof INVARIANTS)[number];

const BATCH_SIZES = { read: 64, write: 64, isolated: 1, page: 4, scan: 1 };
/** A statement that waits for a lock gives up after this. */
const LOCK_WAIT_MS = 50;
/** On the fake clock. */
const TIMEOUT_MS = 300_000;

interface SimulatedItem {
  readonly owner: string;
  readonly id: string;
  readonly serial: number;
  readonly query: FakeQuery;
  readonly lockedUntil: number;
  readonly controller: AbortController;
  state: 'waiting' | 'sent' | 'settled';
  onSendCalls: number;
  sendings: number;
  /** For the only item of a user: statements of its lane that may start first, and those that did. */
  turns: { readonly allowed: number; taken: number } | undefined;
}

/** One run of a schedule on the fake clock, compared with the invariants at each sending. */
export class Simulation {
  readonly violations = new Map<Invariant, string>();
  readonly #schedule: Schedule;
  readonly #database: FakeDatabase;
  readonly #scheduler: Scheduler;
  readonly #items: SimulatedItem[] = [];
  #connects = 0;
  #statements = 0;
  #unsettled = 0;
  #planned = 0;
  #failure: unknown;

  private constructor(schedule: Schedule) {
    this.#schedule = schedule;
    this.#database = new FakeDatabase({
      canBatch: schedule.canBatch,
      connect: () => this.#connect(),
      execute: (sending) => {
        try {
          return this.#execute(sending);
        } catch (error) {
          // The scheduler would take it for an error of the connection.
          this.#failure = error;
          throw error;
        }
      },
    });
    this.#scheduler = new Scheduler({
      sizes: schedule.sizes,
      open: (lane) => {
        const connection = this.#database.open(lane);
        this.#expect(
          'opens no more connections than a lane may have',
          this.#database.connected(lane) <= schedule.sizes[lane],
          lane,
        );
        return connection;
      },
    });
  }

  /** Needs fake timers. @returns the invariants that were violated, each with a detail */
  static async run(schedule: Schedule): Promise<ReadonlyMap<Invariant, string>> {
    const simulation = new Simulation(schedule);
    await simulation.#run();
    if (simulation.#failure !== undefined) throw simulation.#failure;
    return simulation.violations;
  }

  async #run(): Promise<void> {
    const { bursts, deathsMs } = this.#schedule;
    const giveUpAt = performance.now() + TIMEOUT_MS;
    this.#planned = bursts.length;
    for (const burst of bursts) setTimeout(() => this.#queue(burst), burst.atMs);
    for (const ms of deathsMs) setTimeout(() => this.#killIdle(), ms);
    while ((this.#planned > 0 || this.#unsettled > 0) && performance.now() < giveUpAt) {
      vi.advanceTimersToNextTimer();
      await settleMicrotasks();
      this.#checkIdle();
    }
    this.#expect('settles every item', this.#unsettled === 0, `${this.#unsettled} are left`);
    await this.#scheduler.close();
    vi.clearAllTimers();
  }

  #queue({ user, query: index, count, tasks, abortAfterMs, lockedMs }: Burst): void {
    this.#planned--;
    const query = QUERIES[index] as FakeQuery;
    const controller = new AbortController();
    if (abortAfterMs !== undefined) setTimeout(() => controller.abort(), abortAfterMs);
    for (let n = 0; n < count; n++) {
      const item: SimulatedItem = {
        owner: `user-${user}`,
        id: `task-${n % tasks}`,
        serial: this.#items.length,
        query,
        lockedUntil: query.lane === 'write' ? performance.now() + lockedMs : 0,
        controller,
        state: 'waiting',
        onSendCalls: 0,
        sendings: 0,
        turns: undefined,
      };
      item.turns = this.#turnsOf(item);
      for (const other of this.#items) {
        if (other.owner === item.owner && other.query.lane === query.lane) other.turns = undefined;
      }
      this.#items.push(item);
      void this.#runItem(item);
    }
  }

  async #runItem(item: SimulatedItem): Promise<void> {
    this.#unsettled++;
    const onSend = () => {
      this.#expect('sends nothing for an item whose signal is aborted', !item.controller.signal.aborted, item);
      item.onSendCalls++;
    };
    try {
      const rows = await this.#scheduler.run(item.query, item, { signal: item.controller.signal, onSend });
      this.#expect('returns to each item its own rows', rows.length === 1 && rows[0]?.serial === item.serial, item);
    } catch (error) {
      const isExpected = error instanceof CallAborted ? item.controller.signal.aborted : error instanceof Error;
      this.#expect('returns to each item its own rows', isExpected, item);
    }
    item.state = 'settled';
    this.#unsettled--;
  }

  #connect() {
    const { connects } = this.#schedule;
    const { ms, fails } = connects[this.#connects++ % connects.length] ?? { ms: 0, fails: false };
    return { ms, error: fails ? new ConnectionFailed('Nobody listens', { cause: new Error() }) : undefined };
  }

  #killIdle(): void {
    for (const connection of this.#database.connections) {
      if (connection.inFlight.length === 0) connection.isUsable = false;
    }
  }

  #execute(sending: Sending): Outcome {
    const items = sending.items.map(({ serial }) => this.#items[serial] as SimulatedItem);
    this.#checkConnection(sending);
    for (const item of items) this.#checkItem(sending, item);
    this.#checkBatch(sending, items);
    this.#checkShares(sending, items);
    for (const item of items) {
      item.sendings++;
      item.state = 'sent';
    }
    this.#checkTurns(sending);
    return this.#outcomeOf(sending, items);
  }

  #outcomeOf({ form }: Sending, items: readonly SimulatedItem[]): Outcome {
    const { statements } = this.#schedule;
    const now = performance.now();
    const isLocked = ({ serial }: { readonly serial: number }) => (this.#items[serial]?.lockedUntil ?? 0) > now;
    if (form === 'waiting' && items.some(isLocked)) return { ms: LOCK_WAIT_MS, error: serverError('55P03') };
    const { ms, ending } = statements[this.#statements++ % statements.length] ?? { ms: 1, ending: 'rows' };
    switch (ending) {
      case 'rows':
        return { ms, isLocked };
      case 'serialization':
        return { ms, error: serverError('40001') };
      case 'bad-value':
        return { ms, error: serverError('22P05') };
      case 'syntax':
        return { ms, error: serverError('42601') };
      case 'lock-timeout':
        return { ms, error: serverError('55P03') };
      case 'lost':
        return { ms, error: new Error('Connection terminated'), closes: true };
      case 'shutdown':
        return { ms, error: serverError('57P01'), closes: true };
    }
  }

  #checkIdle(): void {
    const idle = this.#database.connections.filter(({ isUsable, inFlight }) => isUsable && inFlight.length === 0);
    if (idle.length === 0) return;
    for (const item of this.#items.filter(isWaiting)) {
      const { lane } = item.query;
      if (!idle.some((connection) => connection.lane === lane)) continue;
      const isBlocked = this.#inFlight().some(
        (other) =>
          (lane === 'write' && isSameTask(item, other)) || (other.query.lane === lane && other.owner === item.owner),
      );
      this.#expect('leaves no connection idle while its lane has an item that could be sent', isBlocked, item);
    }
  }

  #checkConnection({ connection, lane, form }: Sending): void {
    this.#expect('sends one statement at a time on a connection', connection.inFlight.length === 0, lane);
    this.#expect('sends one statement at a time on a connection', connection.isUsable, 'it is closed');
    this.#expect('waits for locks in the isolated lane only', form !== 'waiting' || lane === 'isolated', lane);
  }

  #checkItem({ lane }: Sending, item: SimulatedItem): void {
    this.#expect('sends nothing for an item whose signal is aborted', !item.controller.signal.aborted, item);
    this.#expect('calls onSend once before each sending', item.onSendCalls === item.sendings + 1, item);
    const rivals = this.#items.filter((other) => other.query.lane === 'write' && isSameTask(other, item));
    if (item.query.lane === 'write') {
      const inFlight = this.#inFlight().filter((other) => rivals.includes(other));
      this.#expect('sends one write of a task at a time, over all lanes', inFlight.length === 0, item);
    }
    if (item.sendings > 0 || lane !== item.query.lane) return;
    if (lane === 'write') {
      const passed = rivals.filter((other) => other.serial < item.serial && isWaiting(other));
      this.#expect('sends the writes of a task in the order in which they were queued', passed.length === 0, item);
    }
  }

  #checkBatch({ lane, query, form, connection }: Sending, items: readonly SimulatedItem[]): void {
    const [first] = items as [SimulatedItem];
    const largest = form === 'batch' ? Math.min(BATCH_SIZES[lane], query.batch?.maxSize ?? 1) : 1;
    this.#expect('keeps a batch within its maximum size', items.length <= largest, items.length);
    const queries = new Set(items.map((item) => item.query)).add(query);
    this.#expect('puts one query only into a batch', queries.size === 1, queries.size);
    this.#expect(
      'sends one item per statement where it cannot batch',
      items.length === 1 || connection.canBatch,
      first,
    );
    const tasks = new Set(items.map(({ owner, id }) => owner + id));
    if (lane === 'write') {
      this.#expect('sends one write of a task at a time, over all lanes', tasks.size === items.length, first);
    }
    if (lane !== query.lane) return;
    // An item may be passed by a later one only while an older write of its task is not settled.
    const inFlight = [...this.#inFlight(), ...items];
    const isBlocked = (item: SimulatedItem) =>
      lane === 'write' &&
      (inFlight.some((other) => isSameTask(item, other)) ||
        this.#items.some(
          (other) => other.serial < item.serial && isSameTask(item, other) && other.state !== 'settled',
        ));
    for (const item of items) {
      const passed = this.#items.filter(
        (other) =>
          other.serial < item.serial &&
          other.query === query &&
          other.owner === item.owner &&
          isWaiting(other) &&
          !items.includes(other) &&
          !isBlocked(other),
      );
      this.#expect('starts the items of one user, lane and query in FIFO order', passed.length === 0, item);
    }
    const isSorted = items.every((item, n) =>
      items.slice(n + 1).every((later) => later.owner !== item.owner || later.serial > item.serial),
    );
    this.#expect('starts the items of one user, lane and query in FIFO order', isSorted, first);
  }

  #checkShares({ lane }: Sending, items: readonly SimulatedItem[]): void {
    const size = this.#schedule.sizes[lane];
    const share = Math.max(1, Math.floor((size * BATCH_SIZES[lane]) / 4));
    const inFlight = [...this.#inFlight(lane), ...items];
    for (const owner of new Set(items.map((item) => item.owner))) {
      const own = inFlight.filter((item) => item.owner === owner).length;
      if (lane === 'scan') {
        const most = Math.max(1, size - 1);
        this.#expect('leaves a connection of the scan lane to other users', own <= most, `${own} of ${size}`);
      }
      // The queue of the isolated lane is not visible here.
      if (lane === 'isolated' || own <= share) continue;
      const others = this.#items.filter(
        (item) => isWaiting(item) && item.query.lane === lane && item.owner !== owner && !items.includes(item),
      );
      this.#expect(
        'gives one user no more than a quarter of a lane while another user waits',
        others.length === 0,
        `${own} in flight, at most ${share}`,
      );
    }
  }

  /** Counts, for each only item of a user that still waits, the statements that other users got first. */
  #checkTurns({ lane }: Sending): void {
    if (lane === 'isolated') return;
    for (const { turns, ...item } of this.#items) {
      if (turns === undefined || !isWaiting(item) || item.query.lane !== lane) continue;
      turns.taken++;
      this.#expect(
        'starts the only item of a user before any other user had two turns',
        turns.taken <= turns.allowed,
        `${turns.taken} turns, at most ${turns.allowed}`,
      );
    }
  }

  /** Each statement gives the user at the front a turn. So an item waits for as many as there are users before its own. */
  #turnsOf({ owner, query: { lane } }: SimulatedItem): SimulatedItem['turns'] {
    const unsettled = this.#items.filter((item) => item.query.lane === lane && item.state !== 'settled');
    if (unsettled.some((item) => item.owner === owner)) return undefined;
    // An item that was aborted keeps its user's place until the scheduler drops it.
    const waiting = unsettled.filter(({ state }) => state === 'waiting');
    return { allowed: new Set(waiting.map((item) => item.owner)).size, taken: 0 };
  }

  #inFlight(lane?: LaneName): SimulatedItem[] {
    return this.#database.connections
      .filter((connection) => lane === undefined || connection.lane === lane)
      .flatMap(({ inFlight }) => inFlight)
      .flatMap(({ items }) => items.map(({ serial }) => this.#items[serial] as SimulatedItem));
  }

  #expect(invariant: Invariant, holds: boolean, detail: SimulatedItem | string | number): void {
    if (holds || this.violations.has(invariant)) return;
    const text = typeof detail === 'object' ? `item ${detail.serial} of ${detail.owner}, ${detail.id}` : detail;
    this.violations.set(invariant, String(text));
  }
}

const isWaiting = ({ state, controller }: Pick<SimulatedItem, 'state' | 'controller'>): boolean =>
  state === 'waiting' && !controller.signal.aborted;

const isSameTask = (one: SimulatedItem, other: SimulatedItem): boolean =>
  one !== other && one.owner === other.owner && one.id === other.id;

/** `setImmediate` is not faked: it runs after all promises have settled. */
/** The real one, also while tests replace it. */
const { setImmediate: endOfTurn } = globalThis;
const settleMicrotasks = () => new Promise<void>((resolve) => endOfTurn(resolve));
