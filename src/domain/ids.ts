declare const brand: unique symbol;
type Branded<T, Name extends string> = T & { readonly [brand]: Name };

/** Whose tasks: the owner, as the path of a request names them. */
export type UserId = Branded<string, 'UserId'>;

/** A UUID in lower case. */
export type TaskId = Branded<string, 'TaskId'>;

/** A position in the history of one owner: 1 for the first change, growing with each, never reused. 0 is before them all. */
export type Revision = Branded<number, 'Revision'>;
