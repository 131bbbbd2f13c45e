import type { components } from './schema.ts';

export type Problem = components['schemas']['Problem'];

/** An answer that the caller has to decide about, such as 400, 404, or a 503 that did not go away. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: number;
  /** What the service said; `undefined` where something in between answered in its place. */
  readonly problem: Problem | undefined;

  constructor({ status, statusText }: Response, body: unknown) {
    const problem = isProblem(body) ? body : undefined;
    super(problem === undefined ? `${status} ${statusText}` : `${problem.title}: ${problem.detail}`);
    this.status = status;
    this.problem = problem;
  }

  get code(): Problem['code'] | undefined {
    return this.problem?.code;
  }
}

const isProblem = (body: unknown): body is Problem => typeof body === 'object' && body !== null && 'code' in body;
