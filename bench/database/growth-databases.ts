import { closing } from '../closing.ts';
import { BenchDatabase } from './bench-database.ts';
import type { DataSetSize } from './data-set.ts';
import { SMALL } from './growth-sizes.ts';
import { loadDataSet, settle, urlOf } from './load-data-set.ts';
import { type Server, withClient } from './server.ts';

const BIG = 'task_service_bench_big';

export type Side = 'small' | 'big';
export const SIDES: readonly Side[] = ['small', 'big'];

/** A small database and a big one on one server. */
export class GrowthDatabases {
  readonly sizes: Readonly<Record<Side, DataSetSize>>;
  readonly close: () => Promise<void>;
  readonly #small: BenchDatabase;

  private constructor(small: BenchDatabase, big: DataSetSize, close: () => Promise<void>) {
    this.#small = small;
    this.sizes = { small: SMALL, big };
    this.close = close;
  }

  static async open(big: DataSetSize, report: (line: string) => void): Promise<GrowthDatabases> {
    const small = await BenchDatabase.open(SMALL, report);
    const { url } = small.server;
    const close = closing(async () => {
      await drop(url).finally(() => small.close());
    });
    try {
      await drop(url);
      await loadDataSet(url, BIG, big, report);
    } catch (error) {
      await close();
      throw error;
    }
    return new GrowthDatabases(small, big, close);
  }

  get server(): Server {
    return this.#small.server;
  }

  urlOf(side: Side): string {
    return side === 'small' ? this.#small.url : urlOf(this.server.url, BIG);
  }

  version(): Promise<string> {
    return this.#small.version();
  }

  hasHugePages(): Promise<boolean> {
    return this.#small.hasHugePages();
  }

  /** On disk. */
  async mebibytes(side: Side): Promise<number> {
    const sql = 'select pg_database_size(current_database())::float8 as bytes';
    const { rows } = await withClient(this.urlOf(side), (client) => client.query<{ bytes: number }>(sql));
    return Math.round((rows[0]?.bytes ?? 0) / 2 ** 20);
  }

  /** Reads the big database into memory. @returns `false` if `pg_prewarm` is missing */
  warm(): Promise<boolean> {
    return withClient(this.urlOf('big'), (client) => client.query(WARM)).then(
      () => true,
      () => false,
    );
  }

  /** Restores the small database, because the creates of a round would make it grow. */
  async prepare(): Promise<void> {
    await this.#small.restore();
    await settle(this.urlOf('big'));
  }
}

const WARM = `create extension if not exists pg_prewarm;
  select pg_prewarm('tasks'::regclass), pg_prewarm('task_lists'::regclass);
  select pg_prewarm(indexrelid) from pg_index where indrelid in ('tasks'::regclass, 'task_lists'::regclass)`;

const drop = (url: string): Promise<unknown> =>
  withClient(url, (client) => client.query(`drop database if exists ${BIG} with (force)`));
