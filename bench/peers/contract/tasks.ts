/** A row of `tasks` as drivers return it: times as `Date`, `bigint` as text. */
export interface TaskRow {
  readonly user_id: string;
  readonly id: string;
  readonly title: string;
  readonly description: string | null;
  readonly completed: boolean;
  readonly completed_at: Date | null;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly revision: string | number;
}

export interface Content {
  readonly title: string;
  readonly description: string | null;
  readonly completed: boolean;
}

/** The last task of the previous page. */
export interface Position {
  readonly createdAt: Date;
  readonly id: string;
}

export interface ListQuery {
  readonly limit: number;
  readonly after: Position | undefined;
  readonly text: string | undefined;
}

export interface Page {
  /** One more than `limit` if there is another page. */
  readonly rows: readonly TaskRow[];
  readonly revision: number;
}

export interface Counter {
  readonly revision: number;
  readonly purgedRevision: number;
}

/** Storage of a peer. All methods see live tasks of the given user only. */
export interface Tasks {
  find(user: string, id: string): Promise<TaskRow | undefined>;
  /** Newest first. Rows and revision are from the same snapshot. */
  list(user: string, query: ListQuery): Promise<Page>;
  counter(user: string): Promise<Counter>;
  /** In the order of revisions. Peers do not delete, so there are no tombstones. */
  changes(user: string, since: number, limit: number): Promise<readonly TaskRow[]>;
  create(user: string, content: Content): Promise<TaskRow>;
  /** @param expected required revision. @returns `undefined` if it does not match or the task is missing */
  replace(user: string, id: string, content: Content, expected: number | undefined): Promise<TaskRow | undefined>;
  toggle(user: string, id: string): Promise<TaskRow | undefined>;
  close(): Promise<void>;
}
