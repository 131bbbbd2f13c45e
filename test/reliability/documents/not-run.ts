/** Commands of the documents that no test runs as they stand there, each with the reason. */
export const NOT_RUN: readonly (readonly [RegExp, string])[] = [
  [/^npm ci/, 'installs the packages that this test runs on; .ci/run and .ci/smoke do it'],
  [/^npm (start|run start:built)$/, 'runs until it is stopped: test/process/ starts it'],
  [/^npm test$/, 'is what this test is run beside'],
  [/^npm run build$/, 'would overwrite dist/; build-of-the-run.ts compiles the same, and what follows uses it'],
  [/^export DATABASE_URL=postgres:\/\/user:/, 'names a database that is not there'],
  [/^(MODEL_RUNS|KILLS)=/, 'takes minutes, and runs tests'],
  [/^OTEL_EXPORTER_OTLP_ENDPOINT=/, 'runs until it is stopped: test/process/traces.integration.test.ts starts it'],
  [/^docker /, 'needs a Docker engine and images from outside; test/deployment/ checks what they read'],
  [/^(pg_dump|createdb|pg_restore|PGPASSWORD=)/, 'needs the programs of PostgreSQL, of the version of the server'],
  [/^npm run distribute/, 'needs a cluster: citus-distribution.integration.test.ts has one that is faked'],
  [/measure\.ts$/, 'takes half a minute; bytes-per-task.integration.test.ts runs the same with fewer tasks'],
];
