// forbidden: knex, infrastructure/postgres/connection/connect.ts
import knex from 'knex';
import { connect } from '../infrastructure/postgres/connection/connect.ts';
export { connect, knex };
