import { createHash } from 'node:crypto';
import { UuidGenerator } from '../../../src/infrastructure/system.ts';
import type { Content } from './tasks.ts';

const ids = new UuidGenerator();

/** A UUID of version 7, as the service draws it. */
export const newId = (): string => ids.next();

/** The schema wants to know of each task how it was born. */
export const creationHash = ({ title, description, completed }: Content): Buffer =>
  createHash('sha256')
    .update(JSON.stringify([title, description, completed]))
    .digest();
