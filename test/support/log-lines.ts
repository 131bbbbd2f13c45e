import type { FastifyBaseLogger } from 'fastify';
import { pino } from 'pino';

// biome-ignore lint/suspicious/noExplicitAny: tests look at arbitrary fields
type Line = any;

/** A logger whose lines a test can read. */
export function logLines(): { readonly log: FastifyBaseLogger; readonly lines: () => readonly Line[] } {
  const written: string[] = [];
  const log = pino({ base: null }, { write: (line: string) => void written.push(line) }) as FastifyBaseLogger;
  return { log, lines: () => written.map((line) => JSON.parse(line)) };
}
