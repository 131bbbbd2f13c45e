/** A row of `tasks`, as drivers read it: times as dates, `bigint` as text. */
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

/** A page of a list begins after this task. */
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
  /** One more than `limit`, if there are more. */
  readonly rows: readonly TaskRow[];
  readonly revision: number;
}

export interface Counter {
  readonly revision: number;
  readonly purgedRevision: number;
}

/** What each peer does in its own way. Only live tasks, and only those of the user. */
export interface Tasks {
  find(user: string, id: string): Promise<TaskRow | undefined>;
  /** Newest first. The revision is of the same moment as the rows. */
  list(user: string, query: ListQuery): Promise<Page>;
  counter(user: string): Promise<Counter>;
  /** Deleted ones aside, which the peers do not make. In the order of revisions. */
  changes(user: string, since: number, limit: number): Promise<readonly TaskRow[]>;
  create(user: string, content: Content): Promise<TaskRow>;
  /** @param expected the revision that it must have. @returns nothing where it has not, or is not there */
  replace(user: string, id: string, content: Content, expected: number | undefined): Promise<TaskRow | undefined>;
  toggle(user: string, id: string): Promise<TaskRow | undefined>;
  close(): Promise<void>;
}
