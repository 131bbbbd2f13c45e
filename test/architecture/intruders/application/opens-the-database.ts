// refused: knex, infrastructure/postgres/connect.ts
import knex from 'knex';
import { connect } from '../infrastructure/postgres/connect.ts';
export { connect, knex };
