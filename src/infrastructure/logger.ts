import { type DestinationStream, type Logger, pino } from 'pino';
import { StorageUnavailable } from '../application/ports.ts';
import type { Settings } from './settings.ts';

/**
 * JSON lines on standard output; on a terminal, where the development packages are installed, lines for people.
 * No body, query string or bound value is ever logged, and of an error only what cannot quote one.
 *
 * Lines are written some at a time: when there are enough of them, after a moment, and when the process ends.
 */
export async function createLogger({ LOG_LEVEL: level }: Pick<Settings, 'LOG_LEVEL'>): Promise<Logger> {
  const options = {
    level,
    base: null,
    serializers: { err: describeError },
  };
  const pretty = process.stdout.isTTY ? await prettyStream() : undefined;
  return pino(
    options,
    pretty ?? pino.destination({ dest: process.stdout.fd, sync: false, minLength: 4_096, periodicFlush: 100 }),
  );
}

async function prettyStream(): Promise<DestinationStream | undefined> {
  const pretty = await import('pino-pretty').catch(() => undefined);
  return pretty?.default({ ignore: 'hostname,pid', translateTime: 'HH:MM:ss', sync: true });
}

interface ErrorDescription {
  readonly type: string;
  readonly message: string;
  readonly code: string | undefined;
  /** Of a storage that could not be asked: whether a write may have happened all the same. */
  readonly mayHaveTakenEffect: boolean | undefined;
  readonly stack: string | undefined;
  readonly cause: ErrorDescription | undefined;
}

/** SQLSTATE classes whose messages may quote the data they are about: data exceptions and broken constraints. */
const QUOTES_DATA = /^2[23]...$/;

export function describeError(error: unknown): ErrorDescription | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error ? String(error.code) : undefined;
  const message = code !== undefined && QUOTES_DATA.test(code) ? '(not logged: it may quote data)' : error.message;
  return {
    type: error.name,
    message: withoutSql(message.trimStart()),
    code,
    mayHaveTakenEffect: error instanceof StorageUnavailable ? error.mayHaveTakenEffect : undefined,
    // While a database is down every request has such a line, and it is thrown in one place: what is of interest is its cause.
    stack: error instanceof StorageUnavailable ? undefined : framesOf(error),
    cause: describeError(error.cause),
  };
}

/** The query builder puts the statement before the message. */
const withoutSql = (message: string): string =>
  /^(with|select|insert|update|delete)\b/.test(message) ? message.slice(message.lastIndexOf(' - ') + 3) : message;

/** The stack without its first lines, which repeat the message. */
const framesOf = ({ stack }: Error): string | undefined => stack?.slice(Math.max(0, stack.search(/^\s+at /m)));
