import { StorageUnavailable } from '../../application/ports.ts';

/**
 * SQLSTATE classes and codes that speak of the state of the server or of the way to it, not of the statement:
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const UNAVAILABLE_SQLSTATE = /^(08...|28...|3D000|3F000|40...|42501|42P01|53...|57...|58...|25006|25P03|55P03)$/;

/** How the driver, the pool and the query builder word a lost connection that they give no code. */
const UNAVAILABLE_MESSAGE =
  /Connection terminated|not queryable|Query read timeout|timeout exceeded when trying to connect|Connection ended|does not support SSL/;

/**
 * What the storage could not do becomes `StorageUnavailable`; anything else is a mistake of ours and stays what it is.
 * @typeParam T what the statement answers, which the query builder cannot know
 */
export async function withStorageErrors<T>(query: PromiseLike<unknown>): Promise<T> {
  try {
    return (await query) as T;
  } catch (error) {
    throw isUnavailable(error) ? new StorageUnavailable('The database could not be asked', { cause: error }) : error;
  }
}

function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'KnexTimeoutError') return true;
  const code = 'code' in error ? String(error.code) : '';
  // Only what the server itself says has a severity; all other codes are of the network, of TLS or of the system.
  const isOfTheWay = code !== '' && !('severity' in error) && !(error instanceof TypeError);
  return isOfTheWay || UNAVAILABLE_SQLSTATE.test(code) || UNAVAILABLE_MESSAGE.test(error.message);
}
