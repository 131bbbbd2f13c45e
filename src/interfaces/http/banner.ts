import type { Obstacle } from '../../application/ports.ts';

export interface BannerOptions {
  readonly url: string;
  readonly storage: { readonly kind: 'memory' | 'embedded' | 'external'; readonly place: string };
  readonly obstacle: Obstacle | undefined;
}

/** What was built is installed without what runs the source. */
const MIGRATE = import.meta.url.endsWith('.ts') ? 'npm run migrate' : 'npm run migrate:built';

const OBSTACLES: Record<Obstacle, string> = {
  'database-unreachable': 'NOT READY: the database does not answer. Requests get 503 until it does.',
  'database-full': 'NOT READY: the database has no room. Writes get 503 until it has.',
  'migrations-pending': `NOT READY: the database lacks migrations. Run \`${MIGRATE}\`; requests get 503 until then.`,
  'database-unsuitable':
    'NOT READY: the database must have the encoding UTF8 and the collation und-x-icu, and let its user read and write.',
};

/** What a person who has just started the service wants to know. */
export function banner({ url, storage, obstacle }: BannerOptions): string {
  const lines = [`Tasks are served on ${url}`, `and kept in ${placeOf(storage)}.`];
  const tour = [
    'Try it:',
    `  curl -i ${url}/api/alice/tasks -H 'Content-Type: application/json' -d '{"title":"Buy milk"}'`,
    `  curl -i ${url}/api/alice/tasks`,
    `or in a browser: ${url}/docs`,
  ];
  return ['', ...lines, '', ...(obstacle === undefined ? tour : [OBSTACLES[obstacle]]), ''].join('\n');
}

function placeOf({ kind, place }: BannerOptions['storage']): string {
  switch (kind) {
    case 'memory':
      return 'memory: NOTHING IS KEPT when the process ends';
    case 'embedded':
      return `${place}, by a PostgreSQL that stops with this service`;
    case 'external':
      return `the PostgreSQL at ${place}`;
  }
}
