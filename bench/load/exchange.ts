import type { DataSetSize } from '../database/data-set.ts';
import type { Cursor } from './cursors.ts';
import type { Check } from './expectations.ts';
import type { WrittenTasks } from './written-tasks.ts';

export interface Exchange {
  readonly request: string;
  readonly check: Check;
}

/** Input of a workload. */
export interface Source {
  readonly size: DataSetSize;
  readonly random: () => number;
  readonly written: WrittenTasks;
  /** Positions in the big user's list. Empty for workloads that do not need them. */
  readonly cursors: readonly Cursor[];
}

export type Workload = (source: Source) => Exchange;

export const get = (path: string, headers = ''): string => `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${headers}\r\n`;

/** @param body ASCII only, so that its length equals its byte length */
export function send(method: string, path: string, body: string, headers = ''): string {
  const type = body === '' ? '' : 'content-type: application/json\r\n';
  return `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${type}${headers}content-length: ${body.length}\r\n\r\n${body}`;
}
