import type { DataSetSize } from '../database/data-set.ts';
import type { Check } from './expectations.ts';
import type { WrittenTasks } from './written-tasks.ts';

export interface Exchange {
  readonly request: string;
  readonly check: Check;
}

/** What the next request is drawn from. */
export interface Source {
  readonly size: DataSetSize;
  readonly random: () => number;
  readonly written: WrittenTasks;
  /** In the form of the program that is asked. @param k the last task of the page before */
  readonly cursorBefore: (owner: number, k: number) => string;
}

export type Workload = (source: Source) => Exchange;

export const get = (path: string, headers = ''): string => `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${headers}\r\n`;

/** @param body of ASCII alone, so that its length is that of its bytes */
export function send(method: string, path: string, body: string, headers = ''): string {
  const type = body === '' ? '' : 'content-type: application/json\r\n';
  return `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${type}${headers}content-length: ${body.length}\r\n\r\n${body}`;
}
