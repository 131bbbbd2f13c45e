// forbidden: interfaces/http/server.ts, domain/task.ts, knex
import { createServer } from './interfaces/http/server.ts';
import { Task } from './domain/task.ts';
import knex from 'knex';
export { createServer, knex, Task };
