// refused: typebox
import { Type } from 'typebox';
export { Type };
