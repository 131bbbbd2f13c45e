/** The dialect that Knex chooses for `client: 'pg'`, as far as it is built upon. It comes without types. */
declare module 'knex/lib/dialects/postgres/index.js' {
  import type { Knex } from 'knex';

  export default class PostgresDialect extends Knex.Client {
    _query<Q extends { readonly sql: string }>(connection: unknown, query: Q): Promise<Q & { response: unknown }>;
  }
}
