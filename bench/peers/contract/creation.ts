import { createHash } from 'node:crypto';
import { UuidGenerator } from '../../../src/infrastructure/system.ts';
import type { Content } from './tasks.ts';

const ids = new UuidGenerator();

/** A UUIDv7 from the generator of the service. */
export const newId = (): string => ids.next();

/** The schema requires a hash of the content at creation. */
export const creationHash = ({ title, description, completed }: Content): Buffer =>
  createHash('sha256')
    .update(JSON.stringify([title, description, completed]))
    .digest();
