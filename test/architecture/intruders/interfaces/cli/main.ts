// forbidden: infrastructure/logger.ts, inversify
import { createLogger } from '../../infrastructure/logger.ts';
import { Container } from 'inversify';
export { Container, createLogger };
