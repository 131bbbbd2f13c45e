import { describe, expect, it } from 'vitest';
import { BatchedTaskRows } from '../../src/infrastructure/postgres/batched-task-rows.ts';
import type { Sender } from '../../src/infrastructure/postgres/sender.ts';
import type { Statement } from '../../src/infrastructure/postgres/statement.ts';
import { birthDigestOf, type TaskRow, toMutableColumns } from '../../src/infrastructure/postgres/task-row.ts';
import { ofOwner, SingleTaskRows } from '../../src/infrastructure/postgres/task-rows.ts';
import type { Birth, TaskKey } from '../../src/infrastructure/postgres/task-statements.ts';
import { freshOwner } from '../support/owners.ts';
import { aBirth, freshId } from '../support/tasks.ts';

type Rows = Partial<TaskRow>[];

/** Notes what it is given, and answers as it is told. */
class Noting implements Sender {
  readonly purposes: string[] = [];
  readonly #answer: (values: Record<string, unknown>) => Rows | Error;

  constructor(answer: (values: Record<string, unknown>) => Rows | Error) {
    this.#answer = answer;
  }

  async send<Values, Row>({ name }: Statement<Values, Row>, values: Values): Promise<Row[]> {
    this.purposes.push(name.replace(/_[0-9a-f]+$/, ''));
    await new Promise((resolve) => setImmediate(resolve));
    const answer = this.#answer(values as Record<string, unknown>);
    if (answer instanceof Error) throw answer;
    return answer as Row[];
  }
}

const rowOf = ({ owner, id }: TaskKey): Partial<TaskRow> => ({ user_id: owner, id });
const aKey = (): TaskKey => ({ owner: freshOwner(), id: freshId() });
const aBirthOf = (key: TaskKey): Birth => {
  const birth = aBirth();
  return { ...toMutableColumns(birth), created_at: birth.createdAt, birth_digest: birthDigestOf(birth), ...key };
};
/** What a batch of writes, of keys or of one asks for. */
function askedFor({ tasks, owners, ids, owner, id }: Record<string, unknown>): Rows {
  if (owner !== undefined) return [{ user_id: String(owner), id: String(id) }];
  if (tasks === undefined)
    return (owners as string[]).map((of, n) => ({ user_id: of, id: (ids as string[])[n] as string }));
  return (JSON.parse(String(tasks)) as TaskRow[]).map((task) => ({ user_id: task.user_id, id: task.id }));
}

const alone = () => new Noting(({ owner, id }) => [{ user_id: String(owner), id: String(id), title: 'alone' }]);
const nobody = () => new Noting(() => new Error('Nobody should ask'));
const ofServer = (code: string) => Object.assign(new Error('it failed'), { code, severity: 'ERROR' });
const lost = new Error('Connection terminated unexpectedly');

describe('tasks that are asked for together', () => {
  const keys = [aKey(), aKey(), aKey()];

  it('are told apart by what their rows say, not by their order', async () => {
    const reversed = new Noting((values) => askedFor(values).reverse());
    const searches = nobody();
    const rows = new BatchedTaskRows({ reads: reversed, searches, writes: [reversed], mayWait: 3 });
    expect(await Promise.all(keys.map((key) => rows.find(key)))).toEqual(keys.map(rowOf));
    expect(await Promise.all(keys.map((key) => rows.insert(aBirthOf(key))))).toEqual(keys.map(rowOf));
    const replaced = keys.map((key) => rows.update({ ...aBirthOf(key), expected: 1 }));
    expect(await Promise.all(replaced)).toEqual(keys.map(rowOf));
    expect(reversed.purposes).toEqual(['find_tasks', 'insert_tasks', 'update_tasks']);
  });

  it('are found or not, each for itself', async () => {
    const last = new Noting((values) => askedFor(values).slice(-1));
    const rows = new BatchedTaskRows({ reads: last, searches: nobody(), writes: [last], mayWait: 3 });
    expect(await Promise.all(keys.map((key) => rows.find(key)))).toEqual([
      undefined,
      undefined,
      rowOf(keys[2] as TaskKey),
    ]);
  });

  it('are asked for by a simpler statement if it is only one', async () => {
    const pipeline = alone();
    const rows = new BatchedTaskRows({ reads: pipeline, searches: nobody(), writes: [pipeline], mayWait: 3 });
    const birth = aBirthOf(aKey());
    await rows.find(birth);
    await rows.insert(birth);
    await rows.update({ ...birth, expected: 1 });
    expect(pipeline.purposes).toEqual(['find_task', 'insert_task_if_free', 'update_task_if_free']);
  });

  it('go alone, and over the pool, when a batch has left them out', async () => {
    const [writes, searches] = [new Noting((values) => askedFor(values).slice(1)), alone()];
    const rows = new BatchedTaskRows({ reads: nobody(), searches, writes: [writes], mayWait: 3 });
    const stored = await Promise.all(keys.map((key) => rows.insert(aBirthOf(key))));
    expect(stored.map((row) => row?.title)).toEqual(['alone', undefined, undefined]);
    expect([writes.purposes, searches.purposes]).toEqual([['insert_tasks'], ['insert_task']]);
  });

  it('are in one batch only once when it writes', async () => {
    const writes = new Noting((values) => {
      const names = askedFor(values).map(({ user_id, id }) => `${user_id} ${id}`);
      return new Set(names).size < names.length ? new Error('The same task twice') : askedFor(values);
    });
    const rows = new BatchedTaskRows({ reads: nobody(), searches: nobody(), writes: [writes], mayWait: 3 });
    const [birth] = keys.map(aBirthOf) as [Birth];
    await Promise.all([rows.insert(birth), rows.insert(birth), rows.insert(aBirthOf(aKey()))]);
    await Promise.all([rows.update({ ...birth, expected: 1 }), rows.update({ ...birth, expected: 2 })]);
    const [ones, onesChanged] = ['insert_task_if_free', 'update_task_if_free'];
    expect(writes.purposes).toEqual(['insert_tasks', ones, onesChanged, onesChanged]);
  });

  it.each(['22021', '23514', '40001', '40P01', '26000'])('fail each for itself after an error %s', async (code) => {
    const [failing, searches] = [new Noting(() => ofServer(code)), alone()];
    const rows = new BatchedTaskRows({ reads: failing, searches, writes: [failing], mayWait: 3 });
    const found = await Promise.all(keys.map((key) => rows.find(key)));
    const stored = await Promise.all(keys.map((key) => rows.insert(aBirthOf(key))));
    expect([...found, ...stored].map((row) => row?.title)).toEqual(Array(6).fill('alone'));
  });

  it.each([
    ['a lost connection', lost],
    ['an error that the server cannot tell the outcome of', ofServer('40003')],
    ['a server that is too slow', ofServer('57014')],
  ])('fail together, and are not sent again, after %s', async (_what, error) => {
    const [failing, searches] = [new Noting(() => error), alone()];
    const rows = new BatchedTaskRows({ reads: failing, searches, writes: [failing], mayWait: 3 });
    const outcomes = await Promise.allSettled(keys.map((key) => rows.update({ ...aBirthOf(key), expected: 1 })));
    expect(outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason)).toEqual([error, error, error]);
    expect([failing.purposes, searches.purposes]).toEqual([['update_tasks'], []]);
  });
});

describe('what a batch leaves out', () => {
  it.each([1, 2])('is asked for alone: %i of as many', async (members) => {
    const leavingOut = new Noting(() => []);
    const rows = new BatchedTaskRows({ reads: nobody(), searches: alone(), writes: [leavingOut], mayWait: 3 });
    const births = Array.from({ length: members }, () => aBirthOf(aKey()));
    const born = await Promise.all(births.map((birth) => rows.insert(birth)));
    const changed = await Promise.all(births.map((birth) => rows.update({ ...birth, expected: 1 })));
    expect([...born, ...changed].map((row) => row?.title)).toEqual(Array(2 * members).fill('alone'));
  });

  it('goes alone once for each owner, whose others join a batch again', async () => {
    let isLocked = true;
    const writes = new Noting((values) => (isLocked ? [] : askedFor(values)));
    const pool = new Noting(({ owner, id }) => {
      isLocked = false;
      return [{ user_id: String(owner), id: String(id) }];
    });
    const rows = new BatchedTaskRows({ reads: nobody(), searches: pool, writes: [writes], mayWait: 3 });
    const owner = freshOwner();
    const births = Array.from({ length: 5 }, () => aBirthOf({ owner, id: freshId() }));
    const stored = await Promise.all(births.map((birth) => rows.insert(birth)));
    expect(stored.map((row) => row?.id)).toEqual(births.map(({ id }) => id));
    expect([pool.purposes, writes.purposes]).toEqual([['insert_task'], ['insert_tasks', 'insert_tasks']]);
  });
});

describe('the writes of an owner', () => {
  it.each([
    ['one by one', SingleTaskRows],
    ['together', BatchedTaskRows],
  ])('always go the same way, and those of many owners go all ways: %s', async (_how, Rows) => {
    const ways = Array.from({ length: 4 }, () => new Noting(askedFor));
    const [first, ...others] = ways as [Noting, ...Noting[]];
    const rows = new Rows({ reads: nobody(), searches: nobody(), writes: [first, ...others], mayWait: 3 });
    const owner = freshOwner();
    for (let n = 0; n < 10; n++) {
      await rows.insert(aBirthOf({ owner, id: freshId() }));
      await rows.update({ ...aBirthOf({ owner, id: freshId() }), expected: 1 });
    }
    expect(ways.map(({ purposes }) => purposes.length).sort()).toEqual([0, 0, 0, 20]);
  });

  it('are spread over all ways', () => {
    const ways = Array.from({ length: 100 }, () => ofOwner(['a', 'b', 'c', 'd'], freshOwner()));
    expect(new Set(ways).size).toBe(4);
  });
});
