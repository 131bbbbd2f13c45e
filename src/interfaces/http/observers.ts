import type { IncomingHttpHeaders } from 'node:http';

/** Told of requests, and asked what it has counted. Must be quick, and must not throw. */
export interface RequestMetrics {
  /** @param route as it was registered, never the path; `undefined` where there is none */
  completed(route: string | undefined, method: string, status: number, ms: number): void;
  /** What was no request was answered all the same. */
  refused(status: number): void;
  /** A request was rejected because of a limit on requests. */
  shed(reason: ShedReason): void;
  /** @param load read when metrics are scraped */
  watch(load: () => RequestLoad): void;
  readonly contentType: string;
  scrape(): Promise<string>;
}

/** Why a request was rejected with 429, or with 503 because all users together exceed the limit of the service. */
export type ShedReason = 'user-limit' | 'service-limit' | 'deadline' | 'response-bytes';

export interface RequestLoad {
  /** Admitted requests without a response. */
  readonly waiting: number;
  /** Response bodies that wait to be sent, or will. */
  readonly unsentBytes: number;
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
