import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const project = join(import.meta.dirname, '../..');

/** What people read, by its path in the project. */
export const documents: readonly string[] = [
  ...readdirSync(project),
  ...readdirSync(join(project, 'docs')).map((file) => `docs/${file}`),
  ...readdirSync(join(project, 'docs/decisions')).map((file) => `docs/decisions/${file}`),
  ...readdirSync(join(project, 'examples/offline-client')).map((file) => `examples/offline-client/${file}`),
  ...readdirSync(join(project, 'clients/typescript')).map((file) => `clients/typescript/${file}`),
].filter((file) => file.endsWith('.md'));
