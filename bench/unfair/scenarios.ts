import { setTimeout as sleep } from 'node:timers/promises';
import { SPECIAL, storedTask, userName } from '../database/data-set.ts';
import { withClient } from '../database/server.ts';
import { burst, type Outcomes, pipeline, type Request, readSlowly, repeat } from './clients.ts';

export interface LoadContext {
  readonly port: number;
  readonly databaseUrl: string;
  /** `performance.now()` in the load process. */
  readonly endAt: number;
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** Whether creates of other users are measured as well as reads. */
  readonly measuresWrites: boolean;
  /** Sends requests of one user until `endAt`. */
  readonly load: (context: LoadContext) => Promise<Outcomes>;
}

const LOCK_MS = 4_000;
const NEW_USER = 'user-with-locked-counter';

const listOf = (user: number): string => `/api/${userName(user)}/tasks`;

/** Calls the function with 1, 2, 3, … */
function counted<T>(make: (count: number) => T): () => T {
  let count = 0;
  return () => make(++count);
}

const replays = counted((count): Request => {
  const { id, title, description, completed } = storedTask(1, 1 + (count % 40));
  return { method: 'POST', path: listOf(1), body: { id, title, description, completed } };
});

const contended = (k: number): string => `${listOf(SPECIAL.contended)}/${storedTask(SPECIAL.contended, k).id}`;
const LARGE_PAGE = `${listOf(SPECIAL.longTexts)}?limit=1000`;

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'patch-one-task',
    title: '1. 128 clients PATCH one task at the same time',
    measuresWrites: true,
    load: ({ port, endAt }) => {
      const next = counted((count): Request => ({ method: 'PATCH', path: contended(1), body: { title: `${count}` } }));
      return burst(port, 128, endAt, next);
    },
  },
  ...[20, 60].map((clients) => ({
    name: `replay-${clients}`,
    title: `2. ${clients} clients replay 40 creates of one user`,
    measuresWrites: true,
    load: ({ port, endAt }: LoadContext) => repeat(port, clients, endAt, replays),
  })),
  {
    name: 'tombstones',
    title: '3. 25 clients list and sync a user with 300,000 tombstones',
    measuresWrites: false,
    load: ({ port, endAt }) => {
      const paths = ['?sort=updated_at&limit=1', '/changes?limit=1'];
      const next = counted(
        (count): Request => ({ method: 'GET', path: `${listOf(SPECIAL.tombstones)}${paths[count % 2]}` }),
      );
      return repeat(port, 25, endAt, next);
    },
  },
  {
    name: 'large-pages',
    title: '4. 20 clients ask for 1,000 tasks of 4,000 characters each',
    measuresWrites: false,
    load: ({ port, endAt }) => repeat(port, 20, endAt, () => ({ method: 'GET', path: LARGE_PAGE })),
  },
  {
    name: 'pipelined-searches',
    title: '5. 400 pipelined searches in 100,000 tasks without a match',
    measuresWrites: false,
    load: ({ port, endAt }) => pipeline(port, 400, endAt, `${listOf(0)}?q=nothing-matches-this`),
  },
  {
    name: 'slow-readers',
    title: '6. 60 clients ask for large pages and read 4 KB every 5 s',
    measuresWrites: false,
    load: ({ port, endAt }) => readSlowly(port, 60, endAt, LARGE_PAGE),
  },
  {
    name: 'locked-counter',
    title: "7. A new user's counter row is locked for 4 s, 10 clients create tasks",
    measuresWrites: true,
    load: async ({ port, databaseUrl, endAt }) => {
      const locked = withClient(databaseUrl, async (client) => {
        await client.query('begin');
        await client.query('insert into task_lists (user_id, revision) values ($1, 0)', [NEW_USER]);
        await sleep(LOCK_MS);
        await client.query('commit');
      });
      await sleep(100);
      const path = `/api/${NEW_USER}/tasks`;
      const outcomes = await repeat(port, 10, endAt, () => ({ method: 'POST', path, body: { title: 'New' } }));
      await locked;
      return outcomes;
    },
  },
  {
    name: 'many-writers',
    title: '8. 100 clients write different tasks of one user',
    measuresWrites: true,
    load: ({ port, endAt }) => {
      const next = counted((count): Request => ({ method: 'PATCH', path: `${contended(1 + (count % 100))}/complete` }));
      return repeat(port, 100, endAt, next);
    },
  },
];

export const scenarioNames = SCENARIOS.map(({ name }) => name);
