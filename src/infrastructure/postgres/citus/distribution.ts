import knex, { type Knex } from 'knex';
import type { DistributionState, TaskDistribution } from '../../../application/ports.ts';
import { migrationConfig } from '../migrations/migration-config.ts';

const STATE = `
  select (select count(*)::integer from pg_dist_node where noderole = 'primary' and shouldhaveshards) as machines,
         count(*)::integer as tables,
         count(*) filter (where citus_table_type = 'distributed' and distribution_column = 'user_id')::integer as by_owner,
         count(distinct colocation_id)::integer as groups
  from citus_tables
  where table_name in ('public.task_lists'::regclass, 'public.tasks'::regclass)`;

interface State {
  readonly machines: number;
  readonly tables: number;
  readonly by_owner: number;
  readonly groups: number;
}

/**
 * Both tables by `user_id`, and together: a shard of one lies where the shard of the other with the same owners does, so
 * that each statement of the service runs on one machine. https://docs.citusdata.com
 */
const DISTRIBUTE = [
  `select create_distributed_table('public.task_lists', 'user_id', colocate_with => 'none')`,
  `select create_distributed_table('public.tasks', 'user_id', colocate_with => 'public.task_lists')`,
];

/** The extension Citus, which spreads tables of PostgreSQL over several servers. */
export class CitusDistribution implements TaskDistribution {
  readonly #knex: Knex;

  /** @param url a direct connection to the coordinator */
  constructor(url: string) {
    this.#knex = knex(migrationConfig(url));
  }

  async state(): Promise<DistributionState> {
    const { rows } = await this.#knex.raw(`select to_regproc('create_distributed_table') is not null as has_citus`);
    if (!rows[0].has_citus) return { kind: 'no-cluster' };
    const { machines, tables, by_owner, groups } = (await this.#knex.raw(STATE)).rows[0] as State;
    if (tables === 0) return { kind: 'undistributed', machines };
    return by_owner === 2 && groups === 1 ? { kind: 'distributed', machines } : { kind: 'distributed-otherwise' };
  }

  /** All or nothing. What is set reaches the other machines only this way, where it bounds the copying too. */
  async distribute(): Promise<void> {
    await this.#knex.transaction(async (transaction) => {
      await transaction.raw(`set local citus.propagate_set_commands = 'local'`);
      await transaction.raw('set local statement_timeout = 0');
      for (const statement of DISTRIBUTE) await transaction.raw(statement);
    });
  }

  async close(): Promise<void> {
    await this.#knex.destroy();
  }
}
