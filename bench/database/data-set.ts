export interface DataSetSize {
  /** Owner 0 has `big` tasks, owners up to `large` have `perLarge` each, all others `perSmall`. */
  readonly owners: number;
  readonly big: number;
  readonly large: number;
  readonly perLarge: number;
  readonly perSmall: number;
  /** Owners 0 to `quiet` are never written to, so that what is read of them is known beforehand. */
  readonly quiet: number;
}

export const SIZES = {
  check: { owners: 40, big: 1_000, large: 20, perLarge: 150, perSmall: 25, quiet: 10 },
  quick: { owners: 10_000, big: 100_050, large: 2_000, perLarge: 250, perSmall: 50, quiet: 1_000 },
  full: { owners: 10_000, big: 1_000_500, large: 2_000, perLarge: 2_500, perSmall: 500, quiet: 1_000 },
} as const satisfies Record<string, DataSetSize>;

/** Each is in one of so many tasks of an owner, which makes it worth a search. */
export const WORDS = [
  'anchor', 'basket', 'candle', 'dinner', 'engine', 'flower', 'garden', 'hammer', 'island', 'jacket', 'kettle', 'ladder',
  'mirror', 'needle', 'orange', 'pencil', 'quarry', 'ribbon', 'saddle', 'tunnel', 'urchin', 'velvet', 'window', 'yellow',
  'zipper',
]; // biome-ignore format: a list

/** 2025-01-01. The tasks of one owner were made a second apart. */
const FIRST_MS = Date.UTC(2025, 0, 1);

export interface StoredTask {
  readonly owner: string;
  readonly id: string;
  readonly title: string;
  readonly description: string | null;
  readonly completed: boolean;
  readonly createdAt: Date;
  readonly revision: number;
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

export const ownerName = (owner: number): string => `owner-${String(owner).padStart(5, '0')}`;

export function countOf({ big, large, perLarge, perSmall }: DataSetSize, owner: number): number {
  if (owner === 0) return big;
  return owner <= large ? perLarge : perSmall;
}

export function totalOf({ owners, big, large, perLarge, perSmall }: DataSetSize): number {
  return big + large * perLarge + (owners - 1 - large) * perSmall;
}

/** Task `k` of an owner, counted from 1, as `load.ts` stores it. Its revision is `k`, too. */
export function storedTask(owner: number, k: number): StoredTask {
  const createdMs = FIRST_MS + k * 1_000 + (owner % 1_000);
  const digits = `${hex(createdMs, 12)}7${hex(k % 4_096, 3)}8${hex(owner, 15)}`;
  const word = WORDS[k % WORDS.length];
  return {
    owner: ownerName(owner),
    id: digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
    title: `Task ${k} of ${owner}: ${word}`,
    description:
      k % 2 === 0 ? null : `Look after it before the end of week ${k % 52}, and tell the others what is left`,
    completed: k % 4 === 0,
    createdAt: new Date(createdMs),
    revision: k,
  };
}

/** The same in SQL, for `k` and `n`. */
const createdMs = `(${FIRST_MS} + k::bigint * 1000 + n % 1000)`;
const title = `'Task ' || k || ' of ' || n || ': ' || ($1::text[])[1 + k % ${WORDS.length}]`;
const description = `case when k % 2 = 1
  then 'Look after it before the end of week ' || k % 52 || ', and tell the others what is left' end`;
const id = `lpad(to_hex(${createdMs}), 12, '0') || '7' || lpad(to_hex(k % 4096), 3, '0') || '8' || lpad(to_hex(n), 15, '0')`;

const owners = ({ owners: count, big, large, perLarge, perSmall }: DataSetSize): string => `
  select n, 'owner-' || lpad(n::text, 5, '0') as user_id,
         case when n = 0 then ${big} when n <= ${large} then ${perLarge} else ${perSmall} end as tasks
  from generate_series(0, ${count - 1}) n`;

/** Tasks that were made together lie together: so many of one owner on end. */
export const TASKS_PER_SITTING = 10;

/** $1 the words, $2 and $3 from which sitting to which. */
export const loadTasks = (size: DataSetSize): string => `
  insert into tasks (user_id, id, title, description, completed, completed_at, created_at, updated_at, revision, birth_digest)
  select user_id, id::uuid, title, description, completed, case when completed then created_at end, created_at, created_at, k,
         sha256(convert_to('["' || title || '",' || coalesce('"' || description || '"', 'null') || ',' || completed || ']', 'UTF8'))
  from (
    select user_id, k, ${id} as id, ${title} as title, ${description} as description, k % 4 = 0 as completed,
           to_timestamp(${createdMs} / 1000.0)::timestamptz(3) as created_at
    from generate_series($2::int, $3::int) sitting
    cross join (${owners(size)}) o
    cross join lateral generate_series(
      sitting * ${TASKS_PER_SITTING} + 1, least((sitting + 1) * ${TASKS_PER_SITTING}, o.tasks)) k
    offset 0) loaded`;

export const loadLists = (size: DataSetSize): string =>
  `insert into task_lists (user_id, revision) select user_id, tasks from (${owners(size)}) o`;
