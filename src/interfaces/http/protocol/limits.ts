/** Bounds on the work and memory that clients cause in one process. Tests set smaller ones. */
export interface Limits {
  /** From the headers of a request to its response. Longer than the time for the body, which has its own response (408). */
  readonly deadlineMs: number;
  /** Requests of one user that wait for a response. */
  readonly waitingPerUser: number;
  /** Requests of all users that wait for a response. */
  readonly waiting: number;
  /** Response bodies that wait to be sent, in bytes. */
  readonly responseBytes: number;
  readonly slowReader: {
    readonly windowMs: number;
    /** Bytes that a client must take within the window. */
    readonly minBytes: number;
    readonly checkIntervalMs: number;
  };
}

export const DEFAULT_LIMITS: Limits = {
  deadlineMs: 12_000,
  waitingPerUser: 256,
  waiting: 2_048,
  responseBytes: 64 * 1_024 * 1_024,
  slowReader: { windowMs: 30_000, minBytes: 30 * 1_024, checkIntervalMs: 1_000 },
};
