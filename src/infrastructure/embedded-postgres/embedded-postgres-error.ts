/** Why there is no embedded database, in a line for the person who started the service. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';

  constructor(problem: string, options?: ErrorOptions) {
    super(
      `${problem} Set DATABASE_URL to use another PostgreSQL; \`docker compose up -d postgres\` starts one.`,
      options,
    );
  }
}
