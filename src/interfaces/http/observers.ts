import type { IncomingHttpHeaders } from 'node:http';

/** Told of requests, and asked what it has counted. Must be quick, and must not throw. */
export interface RequestMetrics {
  /** @param route as it was registered, never the path; `undefined` where there is none */
  completed(route: string | undefined, method: string, status: number, ms: number): void;
  /** What was no request was answered all the same. */
  refused(status: number): void;
  readonly contentType: string;
  scrape(): Promise<string>;
}

/** Follows single requests through the service. */
export interface RequestTraces {
  begin(method: string, requestId: string, headers: IncomingHttpHeaders): Trace;
}

export interface Trace {
  /** As other services know it, and the log tells it. */
  readonly id: string;
  /** Whatever `work` leads to is a part of it. */
  lead(work: () => void): void;
  end(route: string | undefined, status: number): void;
}
