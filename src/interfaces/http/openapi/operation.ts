import type { ProblemCode } from '../problem.ts';
import type { HeaderName, RequestHeaderName } from './headers.ts';

/** What one route promises, beside the schemas that hold for it. */
export interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  readonly path: string;
  readonly operationId: string;
  readonly tag: TagName;
  readonly summary: string;
  readonly description: string;
  /** The very object that the route is registered with. */
  readonly schema: RouteSchema;
  readonly headers?: readonly RequestHeaderName[];
  readonly body?: Body;
  readonly answers: Readonly<Record<number, Answer>>;
  /** Besides those that any request may meet. */
  readonly problems: readonly ProblemCode[];
}

export interface RouteSchema {
  readonly params?: ObjectSchema;
  readonly querystring?: ObjectSchema;
  readonly body?: ObjectSchema;
  readonly response?: Readonly<Record<number, object>>;
}

interface ObjectSchema {
  readonly properties: Readonly<Record<string, object>>;
}

export interface Body {
  readonly mediaTypes?: readonly string[];
  readonly examples: Readonly<Record<string, Example>>;
}

export interface Answer {
  readonly description: string;
  /** JSON, if nothing else is said. */
  readonly mediaType?: string;
  readonly headers?: readonly HeaderName[];
  readonly examples?: Readonly<Record<string, Example>>;
}

interface Example {
  readonly summary: string;
  readonly value: object | string;
}

type TagName = keyof typeof TAGS;

export const TAGS = {
  Tasks: 'Create, list, change, delete and restore the tasks of an owner.',
  Changes: 'Follow what has changed, to keep a copy.',
  Service: 'The health of the service, and what it says of itself.',
} as const;
