// forbidden: prom-client, infrastructure/postgres/connection/connect.ts
import { Counter } from 'prom-client';
import { connect } from '../postgres/connection/connect.ts';
