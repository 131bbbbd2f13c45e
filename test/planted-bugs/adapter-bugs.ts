/** A classic mistake: `find` stands once in `file`, and becomes `put`. */
export interface PlantedBug {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly put: string;
  /** What notices it, where that is not the whole suite: arguments of vitest. */
  readonly tests?: readonly string[];
}

const REPOSITORY = 'src/infrastructure/postgres/task-repository.ts';
const SINGLE = 'src/infrastructure/postgres/sql/single.ts';
const BATCH = 'src/infrastructure/postgres/sql/batch.ts';
const LIST = 'src/infrastructure/postgres/sql/list.ts';
const CHANGES = 'src/infrastructure/postgres/sql/changes.ts';
const ERASURE = 'src/infrastructure/postgres/operator-repository.ts';
const PAGE = 'src/infrastructure/postgres/sql/page.ts';
const ROW = 'src/infrastructure/postgres/sql/columns.ts';
const MEMORY = 'src/infrastructure/memory/in-memory-task-repository.ts';

export const ADAPTER_BUGS: readonly PlantedBug[] = [
  {
    name: 'find leaves the owner out',
    file: SINGLE,
    find: `.select(...TASK_COLUMNS)
    .where({ user_id: owner, id }),`,
    put: `.select(...TASK_COLUMNS)
    .where({ id }),`,
  },
  {
    name: 'find leaves the owner out, in a batch',
    file: BATCH,
    find: 'on t.user_id = wanted.user_id and t.id = wanted.id',
    put: 'on t.id = wanted.id',
  },
  {
    name: 'create finds a task of any user',
    file: SINGLE,
    find: 'birth_digest from public.tasks where user_id = :owner and id = :id)',
    put: 'birth_digest from public.tasks where id = :id)',
  },
  {
    name: 'create raises the counter of every user',
    file: SINGLE,
    find: 'where user_id = :owner and not exists (select 1 from existing) for update',
    put: 'where :owner is not null and not exists (select 1 from existing) for update',
  },
  {
    name: 'update raises the counter of every user',
    file: SINGLE,
    find: 'where l.user_id = :owner and lock_timeout is not null',
    put: 'where lock_timeout is not null',
  },
  {
    name: 'find_revision reads the counters of other users, in a batch',
    file: BATCH,
    find: 'where user_id = any(:owners::text[])',
    put: 'where user_id >= any(:owners::text[])',
  },
  {
    name: 'update leaves the owner out',
    file: SINGLE,
    find: 'where t.user_id = head.user_id and t.user_id = :owner and t.id = :id',
    put: 'where t.id = :id',
  },
  {
    name: 'update leaves the owner out, in a batch',
    file: BATCH,
    find: `where t.user_id = w.user_id and t.id = w.id and t.revision = w.expected
  returning`,
    put: `where t.id = w.id and t.revision = w.expected
  returning`,
  },
  {
    name: 'create finds a task of any user, in a batch',
    file: BATCH,
    find: 'join public.tasks t on t.user_id = w.user_id and t.id = w.id),',
    put: 'join public.tasks t on t.id = w.id),',
  },
  {
    name: 'an id is taken when another user in the batch has it',
    file: BATCH,
    find: 'where e.user_id = w.user_id and e.id = w.id)),',
    put: 'where e.id = w.id)),',
  },
  {
    name: 'list leaves the owner out',
    file: LIST,
    find: `const tasks = knex('public.tasks').where('user_id', value.owner);`,
    put: `const tasks = knex('public.tasks').whereNotNull('user_id');`,
  },
  {
    name: 'list takes the counter of any owner',
    file: LIST,
    find: `value.rows))
    .where('user_id', value.owner)`,
    put: `value.rows))
    .whereNotNull('user_id')`,
  },
  {
    name: 'the row mapper trusts the statement',
    file: ROW,
    find: 'if (row.user_id !== owner) throw',
    put: 'if (row.user_id === undefined) throw',
  },
  {
    name: 'update raises the counter for a late change',
    file: SINGLE,
    find: `t.user_id = :owner and t.id = :id and t.revision = :expected
      for update`,
    put: `t.user_id = :owner and t.id = :id and :expected > 0
      for update`,
  },
  {
    name: 'the revision is compared before the update only',
    file: SINGLE,
    find: `and t.id = :id and t.revision = :expected
  returning`,
    put: `and t.id = :id and :expected > 0
  returning`,
  },
  {
    name: 'update does not compare the revision, in a batch',
    file: BATCH,
    find: `and t.id = w.id and t.revision = w.expected
    for update of t skip locked),`,
    put: `and t.id = w.id
    for update of t skip locked),`,
  },
  {
    name: 'update does not raise the revision',
    file: SINGLE,
    find: `with head as (
    update public.task_lists l set revision = l.revision + 1`,
    put: `with head as (
    update public.task_lists l set revision = l.revision`,
  },
  {
    name: 'a batch does not raise the revision',
    file: BATCH,
    find: 'l.revision + free.places',
    put: 'l.revision',
  },
  {
    name: 'create does not raise the revision',
    file: SINGLE,
    find: 'on conflict (user_id) do update set revision = l.revision + 1',
    put: 'on conflict (user_id) do update set revision = l.revision',
  },
  {
    name: 'update leaves the revision of the task',
    file: SINGLE,
    find: `, revision = head.revision
  from head`,
    put: `
  from head`,
  },
  {
    name: 'update leaves the revision of the task, in a batch',
    file: BATCH,
    find: ', revision = ${REVISION}',
    put: '',
  },
  {
    name: 'a time is read from the wrong column',
    file: ROW,
    find: 'updatedAt: row.updated_at',
    put: 'updatedAt: row.created_at',
  },
  {
    name: 'a time is written to the wrong column',
    file: ROW,
    find: 'deleted_at: task.deletedAt,\n});',
    put: 'deleted_at: task.completedAt,\n});',
  },
  {
    name: 'update forgets a field',
    file: SINGLE,
    find: 'set ${MUTABLE_COLUMNS.map(',
    put: 'set ${MUTABLE_COLUMNS.filter((column) => column !== "deleted_at").map(',
  },
  {
    name: 'update forgets a field, in a batch',
    file: BATCH,
    find: 'set ${MUTABLE_COLUMNS.map(',
    put: 'set ${MUTABLE_COLUMNS.filter((column) => column !== "deleted_at").map(',
  },
  {
    name: 'two columns of a new task are swapped, in a batch',
    file: BATCH,
    find: `select w.user_id, \${listOf(NEW_COLUMNS, 'w.')}, `,
    put: `select w.user_id, \${listOf(NEW_COLUMNS, 'w.').replace('w.created_at', 'w.updated_at')}, `,
  },
  {
    name: 'description is set to null when it is empty',
    file: ROW,
    find: 'description: task.description,',
    put: 'description: task.description || null,',
  },
  { name: 'no tie-break in the order', file: LIST, find: `['created_at', 'id']`, put: `['created_at']` },
  {
    name: 'the position is compared by time alone',
    file: LIST,
    find: `const position = shape.orderBy === 'revision' ? [value.revision] : [value.createdAt, value.id];
    page.whereRaw(\`(\${columns})`,
    put: `const position = shape.orderBy === 'revision' ? [value.revision] : [value.createdAt];
    page.whereRaw(\`(\${columns[0]})`,
  },
  { name: 'pages overlap by one', file: LIST, find: `? '<' : '>'}`, put: `? '<=' : '>='}` },
  { name: 'pages run against the order', file: LIST, find: `? '<' : '>'}`, put: `? '>' : '<'}` },
  {
    name: 'a full last page promises another one',
    file: PAGE,
    find: '> tasks.length }',
    put: '>= tasks.length }',
  },
  { name: 'a page exceeds its bytes by one', file: PAGE, find: 'where bytes <=', put: 'where bytes - 1 <=' },
  { name: 'a page counts characters', file: PAGE, find: 'octet_length(title)', put: 'char_length(title)' },
  { name: 'deleted tasks are listed', file: LIST, find: `else tasks.whereNull('deleted_at');`, put: '' },
  {
    name: 'the total ignores the filters',
    file: LIST,
    find: 'matchingTasks(knex, shape, value).count()',
    put: `knex('public.tasks').where('user_id', value.owner).count()`,
  },
  { name: '% is a wildcard in a search', file: LIST, find: `.replace(/[\\\\%_]/g, '\\\\$&')`, put: '' },
  {
    name: 'search folds ASCII alone',
    file: LIST,
    find: 'collate "und-x-icu"))`',
    put: 'collate "C"))`',
  },
  {
    name: 'search leaves the description out',
    file: LIST,
    find: `.orWhereRaw(containsText('description'), value.pattern)`,
    put: '',
  },
  {
    name: 'another create under an id is taken for a replay',
    file: REPOSITORY,
    find: 'repeated && !row.birth_digest.equals(birth_digest)',
    put: 'repeated && row.birth_digest.length === 0',
  },
  {
    name: 'a replayed create overwrites the task',
    file: SINGLE,
    find: 'on conflict (user_id, id) do nothing',
    put: 'on conflict (user_id, id) do update set title = excluded.title, revision = excluded.revision',
  },
  {
    name: 'a replayed create overwrites the task, in a batch',
    file: BATCH,
    find: 'on conflict (user_id, id) do nothing',
    put: 'on conflict (user_id, id) do update set title = excluded.title, revision = excluded.revision',
  },
  {
    name: 'the digest leaves the description out',
    file: ROW,
    find: 'JSON.stringify([title, description, completed])',
    put: 'JSON.stringify([title, completed, typeof description === "number"])',
  },
  {
    name: 'the revision of an owner is that of the newest listed task',
    file: REPOSITORY,
    find: 'revision: Number(row?.revision ?? 0) as Revision,\n      total',
    put: 'revision: Math.max(0, ...tasks.map((task) => task.revision)) as Revision,\n      total',
  },
  {
    name: 'memory: replace does not compare the revision',
    file: MEMORY,
    find: 'existing?.task.revision !== expected',
    put: 'existing === undefined',
  },
  {
    name: 'memory: tasks of all owners in one list',
    file: MEMORY,
    find: `return this.#lists.get(owner) ?? {`,
    put: `return this.#lists.values().next().value ?? {`,
  },
  {
    name: 'the feed leaves the owner out',
    file: CHANGES,
    find: `.where('user_id', owner)
      .where('revision'`,
    put: `.where('revision'`,
  },
  {
    name: 'the feed takes the counter of any owner',
    file: CHANGES,
    find: `page, rows))
      .where('user_id', owner)`,
    put: `page, rows))
      .whereNotNull('user_id')`,
  },
  {
    name: 'the revision of any user',
    file: BATCH,
    find: `(row, { owner }) => row.user_id === owner,
    'select user_id, revision from public.task_lists where user_id = :owner',`,
    put: `() => true,
    'select user_id, revision from public.task_lists where user_id >= :owner',`,
  },
  {
    name: 'the feed tells no deletions',
    file: CHANGES,
    find: `if (onlyLive) page.whereNull('deleted_at')`,
    put: `page.whereNull('deleted_at')`,
  },
  { name: 'the feed repeats the last change', file: CHANGES, find: `'>', since`, put: `'>=', since` },
  {
    name: 'the feed begins with deleted tasks',
    file: CHANGES,
    find: `if (onlyLive) page.whereNull('deleted_at')`,
    put: `if (onlyLive) page.whereNotNull('id')`,
  },
  {
    name: 'a walk is taken for a follower',
    file: REPOSITORY,
    find: 'Math.max(since, snapshot) < purged',
    put: 'Math.min(since, snapshot || since) < purged',
  },
  {
    name: 'a follower from the future is told that nothing has changed',
    file: REPOSITORY,
    find: 'since > head || ',
    put: '',
  },
  {
    name: 'purge forgets how far it went',
    file: ERASURE,
    find: 'set revision = revision + 1, purged_revision = greatest(purged_revision, (select max(revision) from doomed))',
    put: 'set revision = revision + 1',
  },
  {
    name: 'purge takes young tombstones too',
    file: ERASURE,
    find: 'and deleted_at < :deletedBefore order by',
    put: 'and deleted_at <= :deletedBefore order by',
  },
  {
    name: 'erase leaves the owner out',
    file: ERASURE,
    find: `where t.user_id = head.user_id and t.user_id = :owner
      and t.id in`,
    put: `where head.user_id = :owner
      and t.id in`,
  },
  {
    name: 'a replayed create raises the revision',
    file: SINGLE,
    find: 'where lock_timeout is not null and not exists (select 1 from existing)',
    put: 'where lock_timeout is not null',
  },
  {
    name: 'a replayed create raises the revision, without waiting',
    file: SINGLE,
    find: 'where user_id = :owner and not exists (select 1 from existing) for update',
    put: 'where user_id = :owner for update',
  },
  {
    name: 'a replayed create raises the revision, in a batch',
    file: BATCH,
    find: 'where not exists (select 1 from existing e where',
    put: 'where w.id is null or not exists (select 1 from existing e where false and',
  },
  {
    name: 'erase takes the counter of an owner who writes meanwhile',
    file: ERASURE,
    find: 'where user_id = :owner and revision = :revision and not exists',
    put: 'where user_id = :owner and :revision > 0 and not exists',
  },
  {
    name: 'a leap lets followers go on',
    file: ERASURE,
    find: 'set revision = revision + :gap, purged_revision = revision + :gap',
    put: 'set revision = revision + :gap',
  },
  {
    name: 'a leap reaches owners who were not meant',
    file: ERASURE,
    find: 'where user_id > :after order by user_id limit :limit',
    put: `where user_id > :after or :limit < 0 order by user_id limit 1000`,
  },
];
