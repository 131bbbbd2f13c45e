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
    name: 'what is compared with a repeated birth leaves the owner out',
    file: SINGLE,
    find: `'birth_digest')
    .where({ user_id: owner, id }),`,
    put: `'birth_digest')
    .where({ id }),`,
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
    find: 'where t.user_id = p.user_id and t.id = p.id and t.revision = p.expected',
    put: 'where t.id = p.id and t.revision = p.expected',
  },
  {
    name: 'an id is taken when another owner has it, in a batch',
    file: BATCH,
    find: 'where t.user_id = w.user_id and t.id = w.id)),',
    put: 'where t.id = w.id)),',
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
    name: 'update does not compare the revision',
    file: SINGLE,
    find: `and exists (select 1 from public.tasks where user_id = :owner and id = :id and revision = :expected)
    returning l.user_id, l.revision)
  update public.tasks t
  set title = :title, description = :description, completed = :completed, completed_at = :completed_at,
      updated_at = :updated_at, deleted_at = :deleted_at, revision = head.revision
  from head
  where t.user_id = head.user_id and t.user_id = :owner and t.id = :id and t.revision = :expected`,
    put: `and :expected > 0
    returning l.user_id, l.revision)
  update public.tasks t
  set title = :title, description = :description, completed = :completed, completed_at = :completed_at,
      updated_at = :updated_at, deleted_at = :deleted_at, revision = head.revision
  from head
  where t.user_id = head.user_id and t.user_id = :owner and t.id = :id`,
  },
  {
    name: 'the revision is compared before the update only',
    file: SINGLE,
    find: 'and t.id = :id and t.revision = :expected',
    put: 'and t.id = :id and :expected > 0',
  },
  {
    name: 'the revision is compared before the update only, in a batch',
    file: BATCH,
    find: 'and t.id = p.id and t.revision = p.expected',
    put: 'and t.id = p.id',
  },
  {
    name: 'update does not raise the revision',
    file: SINGLE,
    find: `update public.task_lists l set revision = l.revision + 1
    \${counter}`,
    put: `update public.task_lists l set revision = l.revision
    \${counter}`,
  },
  {
    name: 'update does not raise the revision, in a batch',
    file: BATCH,
    find: `l.revision + locked.places
    from locked where l.user_id = locked.user_id
    returning l.user_id, l.revision)
  update`,
    put: `l.revision
    from locked where l.user_id = locked.user_id
    returning l.user_id, l.revision)
  update`,
  },
  {
    name: 'a birth does not raise the revision, in a batch',
    file: BATCH,
    find: `l.revision + locked.places
    from locked where l.user_id = locked.user_id
    returning l.user_id, l.revision),
  born`,
    put: `l.revision
    from locked where l.user_id = locked.user_id
    returning l.user_id, l.revision),
  born`,
  },
  {
    name: 'update leaves the revision of the task',
    file: SINGLE,
    find: 'deleted_at = :deleted_at, revision = head.revision',
    put: 'deleted_at = :deleted_at',
  },
  {
    name: 'update leaves the revision of the task, in a batch',
    file: BATCH,
    find: 'deleted_at = p.deleted_at, revision = head.revision - p.places + p.place',
    put: 'deleted_at = p.deleted_at',
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
    find: 'completed = :completed, completed_at = :completed_at,',
    put: 'completed = :completed, completed_at = case when :completed then coalesce(t.completed_at, :updated_at) end,',
  },
  {
    name: 'update forgets a field, in a batch',
    file: BATCH,
    find: 'completed = p.completed, completed_at = p.completed_at,',
    put: 'completed = p.completed, completed_at = case when p.completed then coalesce(t.completed_at, p.updated_at) end,',
  },
  {
    name: 'two times of a birth are swapped, in a batch',
    file: BATCH,
    find: 'f.completed_at, f.created_at, f.updated_at, f.deleted_at,',
    put: 'f.completed_at, f.updated_at, f.created_at, f.deleted_at,',
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
    name: 'another birth under an id is taken for the same',
    file: REPOSITORY,
    find: '!existing.birth_digest.equals(birth_digest)',
    put: 'existing === undefined',
  },
  {
    name: 'a repeated birth overwrites the task',
    file: SINGLE,
    find: 'on conflict (user_id, id) do nothing',
    put: 'on conflict (user_id, id) do update set title = excluded.title, revision = excluded.revision',
  },
  {
    name: 'a repeated birth overwrites the task, in a batch',
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
    name: 'the revision of any owner',
    file: SINGLE,
    find: `.where('user_id', owner),`,
    put: `.whereNotNull('user_id'),`,
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
    name: 'a repeated birth raises the revision',
    file: SINGLE,
    find: 'select :owner, 1 where not exists (select 1 from public.tasks where user_id = :owner and id = :id)',
    put: 'select :owner, 1 where :id::uuid is not null',
  },
  {
    name: 'a repeated birth raises the revision, in a batch',
    file: BATCH,
    find: 'where not exists (select 1 from public.tasks t where t.user_id = w.user_id and t.id = w.id)),',
    put: 'where w.id is not null),',
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
