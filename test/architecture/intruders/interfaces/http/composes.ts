// forbidden: container.ts
import { compose } from '../../container.ts';
export { compose };
