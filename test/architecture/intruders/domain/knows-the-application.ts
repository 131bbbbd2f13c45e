// forbidden: application/ports.ts
import type { Clock } from '../application/ports.ts';
export type C = Clock;
