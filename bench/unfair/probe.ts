import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DataSetSize, storedTask, userName } from '../database/data-set.ts';
import { add, type Outcomes, type Request, send } from './clients.ts';

export interface Probed {
  readonly requests: number;
  /** Responses that are not 2xx, and requests without a response. */
  readonly errors: number;
  readonly outcomes: Outcomes;
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

const any = (from: number, to: number): number => from + Math.floor(Math.random() * (to - from));

/** Reads one task of any quiet user except user 1, whose creates a scenario replays. */
export const readOf = ({ quiet, perLarge }: DataSetSize) => {
  return (): Request => {
    const { user, id } = storedTask(any(2, quiet), any(1, perLarge));
    return { method: 'GET', path: `/api/${user}/tasks/${id}` };
  };
};

export const createOf = ({ users, quiet }: DataSetSize) => {
  return (): Request => ({
    method: 'POST',
    path: `/api/${userName(any(quiet + 1, users))}/tasks`,
    body: { title: 'Of another user' },
  });
};

/** Sends requests at a fixed rate, whether or not responses arrive, and waits for the last response. */
export async function probe(
  port: number,
  { seconds, perSecond }: { readonly seconds: number; readonly perSecond: number },
  next: () => Request,
): Promise<Probed> {
  const agent = new Agent({ keepAlive: true });
  const outcomes: Outcomes = {};
  const times: number[] = [];
  const pending: Promise<void>[] = [];
  const began = performance.now();
  for (let count = 0; count < seconds * perSecond; count++) {
    const dueAt = began + (count * 1_000) / perSecond;
    await sleep(Math.max(0, dueAt - performance.now()));
    const sentAt = performance.now();
    pending.push(
      send(agent, port, next()).then((status) => {
        times.push(performance.now() - sentAt);
        add(outcomes, status);
      }),
    );
  }
  await Promise.all(pending);
  agent.destroy();
  return { ...summaryOf(times), outcomes, errors: errorsIn(outcomes) };
}

export const errorsIn = (outcomes: Outcomes): number =>
  Object.entries(outcomes).reduce((sum, [status, count]) => sum + (status.startsWith('2') ? 0 : count), 0);

function summaryOf(times: readonly number[]): Pick<Probed, 'requests' | 'p50' | 'p95' | 'max'> {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) =>
    Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 10) / 10;
  return { requests: sorted.length, p50: at(0.5), p95: at(0.95), max: at(1) };
}
