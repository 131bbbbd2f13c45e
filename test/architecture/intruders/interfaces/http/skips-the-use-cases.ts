// forbidden: infrastructure/postgres/connection/connect.ts, knex
import { connect } from '../../infrastructure/postgres/connection/connect.ts';
import type { Knex } from 'knex';
export { connect };
export type K = Knex;
