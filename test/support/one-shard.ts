/** A reference to one of the tables, with the keyword before it and the alias after it. */
const REFERENCE =
  /\b(from|join|update|using|into)\s+(?:only\s+)?(?:"?public"?\.)?"?(tasks|task_lists)"?(?:\s+(?:as\s+)?(?!(?:as|set|where|using|left|join|on|order|group|limit|returning|cross)\b)"?(\w+)"?)?/gi;
const TABLE = /"?public"?\."?(tasks|task_lists)\b/gi;
const CONDITION = /(?:"?(\w+)"?\.)?"?user_id"?\s*=\s*\$(\d+)/gi;
/** An inserted row has its user from a parameter, or from another part of the statement. */
const INSERTED =
  /insert into (?:"?public"?\.)?"?(?:tasks|task_lists)"?(?: as \w+)? \(\s*"?user_id"?[,)][^$.]*?(?:select |values \()(?:\$(\d+)|\w+\."?user_id"?)\b/gi;
const SEVERAL_ROWS = /\bvalues\s*\([^)]*\)\s*,/i;

/**
 * Why a statement might not run on the one shard with the rows of its user: each table needs a condition `user_id = $n` of its
 * own, all with the same user. Stricter than the planner of Citus.
 * @param owner the expected user, if it is known
 */
export function shardFaults(sql: string, bindings: readonly unknown[], owner?: string): string[] {
  const faults: string[] = [];
  const owners = new Set<unknown>(owner === undefined ? [] : [owner]);
  const bind = (n: string | undefined) => owners.add(bindings[Number(n) - 1]);
  let understood = 0;

  for (const block of blocksOf(sql)) {
    const references = [...block.matchAll(REFERENCE)];
    understood += references.length;
    const conditions = [...block.matchAll(CONDITION)];
    for (const condition of conditions) bind(condition[2]);
    for (const [, word = '', table = '', alias] of references) {
      if (word.toLowerCase() === 'into') continue;
      const names = [alias ?? table, ...(references.length === 1 ? [undefined] : [])];
      if (!conditions.some(([, qualifier]) => names.includes(qualifier)))
        faults.push(`${table} has no condition on the user`);
      if (/\bor\b/i.test(block)) faults.push(`${table} has an OR beside the condition on the user`);
    }
  }

  const inserts = sql.match(/\binsert into\b/gi)?.length ?? 0;
  const inserted = [...sql.matchAll(INSERTED)];
  if (inserted.length < inserts || SEVERAL_ROWS.test(sql))
    faults.push('an inserted row does not have its user from a parameter');
  for (const [, n] of inserted) if (n !== undefined) bind(n);
  if (understood < (sql.match(TABLE)?.length ?? 0)) faults.push('has a table reference that cannot be parsed');
  if (owners.size > 1) faults.push('names more than one user');
  return faults;
}

/** The text of each query of a statement, without the queries inside it. */
function blocksOf(sql: string): string[] {
  const blocks: string[] = [];
  const open = [''];
  for (const character of sql) {
    if (character === '(') open.push('');
    else if (character === ')' && open.length > 1) blocks.push(open.pop() ?? '');
    else open.push((open.pop() ?? '') + character);
  }
  return [...blocks, ...open];
}
