export interface DataSetSize {
  /** User 0 has `big` tasks, users up to `large` have `perLarge` each, all others `perSmall`. */
  readonly users: number;
  readonly big: number;
  readonly large: number;
  readonly perLarge: number;
  readonly perSmall: number;
  /** Users 0 to `quiet` are never written to, so the expected responses to their reads are known. */
  readonly quiet: number;
  /** Tombstones of `SPECIAL.tombstones`. If omitted, no special users are loaded. */
  readonly tombstones?: number;
}

export const SIZES = {
  check: { users: 40, big: 1_000, large: 20, perLarge: 150, perSmall: 25, quiet: 10, tombstones: 300 },
  unfair: { users: 1_000, big: 100_050, large: 100, perLarge: 250, perSmall: 50, quiet: 50, tombstones: 300_000 },
  quick: { users: 10_000, big: 100_050, large: 2_000, perLarge: 250, perSmall: 50, quiet: 1_000, tombstones: 300_000 },
  full: { users: 10_000, big: 1_000_500, large: 2_000, perLarge: 2_500, perSmall: 500, quiet: 1_000, tombstones: 300_000 },
} as const satisfies Record<string, DataSetSize>; // biome-ignore format: a table

/** Numbers of users that no ordinary workload draws. */
export const SPECIAL = {
  /** 100 live tasks after all tombstones. */
  tombstones: 90_000,
  /** 100 live tasks, no tombstones. */
  live: 90_001,
  /** 200 tasks for writers that compete. */
  contended: 90_002,
  /** 1,000 tasks with descriptions of 4,000 characters. */
  longTexts: 90_003,
} as const;

/** Each word is in one of 25 tasks of a user, so a search for it has a useful number of matches. */
export const WORDS = [
  'anchor', 'basket', 'candle', 'dinner', 'engine', 'flower', 'garden', 'hammer', 'island', 'jacket', 'kettle', 'ladder',
  'mirror', 'needle', 'orange', 'pencil', 'quarry', 'ribbon', 'saddle', 'tunnel', 'urchin', 'velvet', 'window', 'yellow',
  'zipper',
]; // biome-ignore format: a list

/** 2025-01-01. A user's tasks are created one second apart. */
const FIRST_MS = Date.UTC(2025, 0, 1);

export interface StoredTask {
  readonly user: string;
  readonly id: string;
  readonly title: string;
  readonly description: string | null;
  readonly completed: boolean;
  readonly createdAt: Date;
  readonly revision: number;
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

export const userName = (user: number): string => `user-${String(user).padStart(5, '0')}`;

export function countOf({ big, large, perLarge, perSmall }: DataSetSize, user: number): number {
  if (user === 0) return big;
  return user <= large ? perLarge : perSmall;
}

/** Without the special users. */
export function totalOf({ users, big, large, perLarge, perSmall }: DataSetSize): number {
  return big + large * perLarge + (users - 1 - large) * perSmall;
}

/** Task `k` of a user, counted from 1, as the SQL below stores it. Its revision is `k`. */
export function storedTask(user: number, k: number): StoredTask {
  const createdMs = FIRST_MS + k * 1_000 + (user % 1_000);
  const digits = `${hex(createdMs, 12)}7${hex(k % 4_096, 3)}8${hex(user, 15)}`;
  const word = WORDS[k % WORDS.length];
  return {
    user: userName(user),
    id: digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
    title: `Task ${k} of ${user}: ${word}`,
    description: k % 2 === 0 ? null : `Finish it before the end of week ${k % 52}, and write down what is still open`,
    completed: k % 4 === 0,
    createdAt: new Date(createdMs),
    revision: k,
  };
}

const createdMs = `(${FIRST_MS} + k::bigint * 1000 + n % 1000)`;
const title = `'Task ' || k || ' of ' || n || ': ' || ($1::text[])[1 + k % ${WORDS.length}]`;
const id = `lpad(to_hex(${createdMs}), 12, '0') || '7' || lpad(to_hex(k % 4096), 3, '0') || '8' || lpad(to_hex(n), 15, '0')`;
const description = `case
  when n = ${SPECIAL.longTexts} then (select left(string_agg(md5(k || '-' || i), ''), 4000) from generate_series(1, 125) i)
  when k % 2 = 1 then 'Finish it before the end of week ' || k % 52 || ', and write down what is still open' end`;

/** @param rows a query for `user_id`, `n` (number of the user), `k` (number of the task) and `tombstones` */
const insertTasks = (rows: string): string => `
  insert into tasks (user_id, id, title, description, completed, completed_at, created_at, updated_at, deleted_at, revision,
                     birth_digest)
  select user_id, id::uuid, title, description, completed, case when completed then created_at end, created_at, created_at,
         case when k <= tombstones then created_at end, k,
         sha256(convert_to('["' || title || '",' || coalesce('"' || description || '"', 'null') || ',' || completed || ']', 'UTF8'))
  from (
    select user_id, k, tombstones, ${id} as id, ${title} as title, ${description} as description, k % 4 = 0 as completed,
           to_timestamp(${createdMs} / 1000.0)::timestamptz(3) as created_at
    from (${rows}) numbered
    offset 0) loaded`;

const users = ({ users: count, big, large, perLarge, perSmall }: DataSetSize): string => `
  select n, 'user-' || lpad(n::text, 5, '0') as user_id,
         case when n = 0 then ${big} when n <= ${large} then ${perLarge} else ${perSmall} end as tasks
  from generate_series(0, ${count - 1}) n`;

/** Number of consecutive tasks of one user that are adjacent on disk. */
export const TASKS_PER_CHUNK = 10;

/** $1 words, $2 first chunk, $3 last chunk. */
export const loadTasks = (size: DataSetSize): string =>
  insertTasks(`
    select user_id, n, k, 0 as tombstones
    from generate_series($2::int, $3::int) chunk
    cross join (${users(size)}) o
    cross join lateral generate_series(
      chunk * ${TASKS_PER_CHUNK} + 1, least((chunk + 1) * ${TASKS_PER_CHUNK}, o.tasks)) k`);

export const loadLists = (size: DataSetSize): string =>
  `insert into task_lists (user_id, revision) select user_id, tasks from (${users(size)}) o`;

const specialUsers = (tombstones: number): string => `
  select n, 'user-' || n as user_id, tombstones, tombstones + live as tasks
  from (values (${SPECIAL.tombstones}, ${tombstones}, 100), (${SPECIAL.live}, 0, 100),
               (${SPECIAL.contended}, 0, 200), (${SPECIAL.longTexts}, 0, 1000)) s (n, tombstones, live)`;

/** $1 words. */
export const loadSpecialTasks = (tombstones: number): string =>
  insertTasks(`
    select user_id, n, k, tombstones from (${specialUsers(tombstones)}) s cross join lateral generate_series(1, s.tasks) k`);

export const loadSpecialLists = (tombstones: number): string =>
  `insert into task_lists (user_id, revision) select user_id, tasks from (${specialUsers(tombstones)}) s`;
