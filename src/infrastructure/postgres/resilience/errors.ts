/**
 * What an error of the driver, the pool or the server says about the statement.
 *
 * - `unreachable`: it was never sent
 * - `rolled-back`: it was sent, took no effect, and may be sent again
 * - `too-slow`: it took no effect because it waited or ran too long; sent again it would do the same
 * - `lost`: nobody can say whether it took effect
 * - `full`: it took no effect, and the server needs help from its operator
 * - `misconfigured`: it took no effect, and the settings or the schema need help from their operator
 * - `refused`: it carried a value that the database cannot keep, which should have been refused before
 * - `mistake`: anything else, which is ours
 */
export type DatabaseFault =
  | 'unreachable'
  | 'rolled-back'
  | 'too-slow'
  | 'lost'
  | 'full'
  | 'misconfigured'
  | 'refused'
  | 'mistake';

/** A connection could not be made, so nothing was sent over it. */
export class ConnectionFailed extends Error {
  override readonly name = 'ConnectionFailed';
}

/** A host with several addresses, none of which answers, gives an error without a message. */
export function wordsOf(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  return message || `No connection could be made: ${code}`;
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html. The first match counts. */
const FAULT_OF_SQLSTATE: readonly (readonly [RegExp, DatabaseFault])[] = [
  // Also what a prepared statement meets after a migration: it is refused before it runs.
  [/^(25006|26000|40001|40P01|42P05)$/, 'rolled-back'],
  [/^(53300|57P03)$/, 'unreachable'],
  [/^(55P03|57014)$/, 'too-slow'],
  [/^(53...|58...)$/, 'full'],
  [/^(28...|3D000|3F000|42501|42P01)$/, 'misconfigured'],
  [/^(22...|23502|23514)$/, 'refused'],
  [/^(08...|25P03|40...|57...)$/, 'lost'],
];

/** What only words tell apart, or comes without a code. The query builder may have put the statement before them. */
const FAULT_OF_MESSAGE: readonly (readonly [RegExp, DatabaseFault])[] = [
  [/query_wait_timeout|Couldn't connect to compute node|is not queryable$/, 'unreachable'],
  [/unsupported startup parameter/, 'misconfigured'],
  [/cached plan must not change result type/, 'rolled-back'],
  [/Connection terminated|Connection ended|Query read timeout/, 'lost'],
];

export function faultOf(error: unknown): DatabaseFault {
  if (!(error instanceof Error)) return 'mistake';
  if (error instanceof ConnectionFailed)
    return faultOf(error.cause) === 'misconfigured' ? 'misconfigured' : 'unreachable';
  if (error.name === 'KnexTimeoutError') return 'unreachable';
  const worded = FAULT_OF_MESSAGE.find(([message]) => message.test(error.message));
  if (worded !== undefined) return worded[1];
  const code = 'code' in error ? String(error.code) : '';
  // Only what the server itself says has a severity; all other codes are of the network, of TLS or of the system.
  if (code !== '' && !('severity' in error)) return error instanceof TypeError ? 'mistake' : 'lost';
  return FAULT_OF_SQLSTATE.find(([sqlstate]) => sqlstate.test(code))?.[1] ?? 'mistake';
}

/** The last thing that a server says on a connection, whose end may be long in coming. */
const IS_FAREWELL = /^57P0\d$/;

/**
 * Whether the connection serves no further statement: its query still runs, its server has become a standby or has gone, or
 * what it has prepared is out of date.
 */
export function isSpent(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return (
    /Query read timeout|cached plan must not change result type/.test(error.message) ||
    ['25006', '26000', '42P05'].includes(code) ||
    IS_FAREWELL.test(code)
  );
}

/** A query waited behind others that wait for locks for as long as it may. */
export class LockTimeout extends Error {
  override readonly name = 'LockTimeout';
  readonly code = '55P03';
  readonly severity = 'ERROR';
}

/** The server waited for a lock for as long as it may. https://www.postgresql.org/docs/current/runtime-config-client.html */
export const isLockTimeout = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '55P03';
