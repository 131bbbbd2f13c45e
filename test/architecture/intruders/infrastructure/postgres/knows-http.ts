// forbidden: interfaces/http/etag.ts, fastify
import { etagOf } from '../../interfaces/http/etag.ts';
import Fastify from 'fastify';
export { etagOf, Fastify };
