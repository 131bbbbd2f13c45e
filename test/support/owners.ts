import { randomUUID } from 'node:crypto';
import type { UserId } from '../../src/domain/ids.ts';

/** An owner whom no other test knows: so tests share a database and run side by side. */
export const freshOwner = (): UserId => `owner-${randomUUID()}` as UserId;
