// refused: container.ts
import { compose } from '../../container.ts';
export { compose };
