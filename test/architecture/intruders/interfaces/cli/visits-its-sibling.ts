// forbidden: interfaces/http/server.ts
import { createServer } from '../http/server.ts';
export { createServer };
