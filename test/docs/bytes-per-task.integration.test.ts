import pg from 'pg';
import { expect, it } from 'vitest';
import { bytesPerTask } from '../../docs/generators/bytes-per-task.ts';
import { ASSUMPTIONS } from '../../docs/generators/scaling.ts';
import { withOwnDatabase } from '../support/own-database.ts';

it('a task takes about as much room as docs/scaling.md counts with', () =>
  withOwnDatabase(async (url) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { table, indexes, perOwner } = await bytesPerTask(client, 20_000).finally(() => client.end());

    expect(Math.abs(1 - (table + indexes) / ASSUMPTIONS.bytesPerTask)).toBeLessThan(0.15);
    // Of so few owners, what every table has weighs more than the rows.
    expect(perOwner / ASSUMPTIONS.bytesPerUser).toBeGreaterThan(1);
    expect(perOwner / ASSUMPTIONS.bytesPerUser).toBeLessThan(2);
  }));
