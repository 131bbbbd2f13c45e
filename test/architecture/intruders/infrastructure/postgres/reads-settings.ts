// forbidden: infrastructure/settings.ts
import { readSettings } from '../settings.ts';
export { readSettings };
