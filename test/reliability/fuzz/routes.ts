import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { Compile } from 'typebox/schema';

/** As much of JSON Schema as the routes use. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly [keyword: string]: unknown;
}

export interface Route extends fc.WithToStringMethod {
  readonly method: string;
  /** With `:user_id` and perhaps `:id`. */
  readonly path: string;
  readonly parameters: Readonly<Record<string, Schema>>;
  readonly members: Readonly<Record<string, Schema>>;
  readonly takesBody: boolean;
  /** Whether an answer of this status is what the route says about it, member by member. */
  readonly isAnswer: (status: number, json: unknown) => boolean;
  readonly documented: readonly number[];
}

interface RegisteredSchema {
  readonly body?: Schema;
  readonly querystring?: Schema;
  readonly response?: Readonly<Record<string, Schema>>;
}

/** The routes for tasks of a server that is not ready yet, as they register with the schemas that validate them. */
export function routesOf(http: FastifyInstance): Route[] {
  const routes: Route[] = [];
  http.addHook('onRoute', ({ method, url, schema }) => {
    if (!url.startsWith('/api/') || schema === undefined || method === 'HEAD') return;
    const { body, querystring, response = {} } = schema as RegisteredSchema;
    const checks = Object.entries(response).map(
      ([status, answer]) => [Number(status), Compile(closed(answer))] as const,
    );
    const validators = new Map(checks);
    routes.push({
      // The whole of its schemas would bury the rest of a counterexample.
      [fc.toStringMethod]: () => `${String(method)} ${url}`,
      method: String(method),
      path: url,
      parameters: querystring?.properties ?? {},
      members: body?.properties ?? {},
      takesBody: body !== undefined,
      isAnswer: (status, json) => validators.get(status)?.Check(json) ?? json === undefined,
      documented: documentedStatuses(String(method), url, body !== undefined),
    });
  });
  return routes;
}

/** A schema that allows nothing that it does not name. */
function closed(schema: Schema): Schema {
  const { properties, items } = schema;
  return {
    ...schema,
    ...(items && { items: closed(items) }),
    ...(properties && {
      additionalProperties: false,
      properties: Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, closed(inner)])),
    }),
  };
}

const documentation = readFileSync(new URL('../../../docs/api.md', import.meta.url), 'utf8');

/** What the table of routes lists, with what the lines below it add for all. */
function documentedStatuses(method: string, path: string, takesBody: boolean): number[] {
  const name = `${method} ${path.replace(':user_id', '{user_id}').replace(':id', '{id}')}`;
  const line = documentation.split('\n').find((text) => text.startsWith(`| \`${name}\` |`));
  const statuses = line?.split('|')[3]?.match(/\d{3}/g)?.map(Number);
  if (statuses === undefined) throw new Error(`The documentation has no route ${name}`);
  return [...statuses, 400, ...(takesBody ? [413, 415] : [])];
}
