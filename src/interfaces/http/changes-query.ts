import type { ChangesQuery } from '../../application/ports.ts';
import type { Revision } from '../../domain/ids.ts';
import { type ChangesParameters, DEFAULT_CHANGES_LIMIT } from './schemas.ts';

export const toChangesQuery = ({
  since,
  snapshot,
  limit = DEFAULT_CHANGES_LIMIT,
}: ChangesParameters): ChangesQuery => ({
  since: toRevision(since),
  snapshot: toRevision(snapshot),
  limit: Number(limit),
});

const toRevision = (text: string | undefined): Revision | undefined =>
  text === undefined ? undefined : (Math.min(Number(text), FAR_AWAY) as Revision);

/** Beyond any revision, and still exact. */
const FAR_AWAY = Number.MAX_SAFE_INTEGER;
