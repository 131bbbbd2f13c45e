// refused: infrastructure/postgres/connect.ts, knex
import { connect } from '../../infrastructure/postgres/connect.ts';
import type { Knex } from 'knex';
export { connect };
export type K = Knex;
