// refused: prom-client, infrastructure/postgres/connect.ts
import { Counter } from 'prom-client';
import { connect } from '../postgres/connect.ts';
