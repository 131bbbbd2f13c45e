// forbidden: typebox
import { Type } from 'typebox';
export { Type };
