import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, normalize, sep } from 'node:path';
import ts from 'typescript';

/**
 * The imports that are allowed. The first rule whose `from` matches the path below `src/` applies to a module. `own` is the
 * module's own folder below `infrastructure/` or `interfaces/`.
 */
const RULES: readonly { readonly from: RegExp; readonly may: readonly string[] }[] = [
  { from: /^domain\//, may: ['domain'] },
  { from: /^application\//, may: ['domain', 'application'] },
  { from: /^infrastructure\/memory\//, may: ['domain', 'application', 'own'] },
  {
    from: /^infrastructure\/postgres\//,
    may: [
      'domain',
      'application',
      'own',
      'node',
      'knex',
      'knex/lib/dialects/postgres/index.js',
      'pg',
      'pg/lib/utils.js',
    ],
  },
  { from: /^infrastructure\/embedded-postgres\//, may: ['domain', 'application', 'own', 'node', 'pg'] },
  { from: /^infrastructure\/metrics\/prometheus\.ts$/, may: ['own', 'prom-client'] },
  { from: /^infrastructure\/metrics\//, may: ['domain', 'application', 'own'] },
  {
    from: /^infrastructure\/tracing\//,
    may: [
      'own',
      'node',
      '@opentelemetry/api',
      '@opentelemetry/core',
      '@opentelemetry/exporter-trace-otlp-http',
      '@opentelemetry/resources',
      '@opentelemetry/sdk-trace',
    ],
  },
  { from: /^infrastructure\/logger\.ts$/, may: ['application', 'infrastructure', 'pino', 'pino-pretty'] },
  { from: /^infrastructure\/settings\.ts$/, may: ['node', 'env-schema', 'typebox'] },
  { from: /^infrastructure\/system\.ts$/, may: ['domain', 'application', 'node'] },
  {
    from: /^interfaces\/http\/main\.ts$/,
    may: ['domain', 'application', 'own', 'node', 'container.ts', 'close-with-grace'],
  },
  {
    from: /^interfaces\/http\//,
    may: [
      'domain',
      'application',
      'own',
      'node',
      'fastify',
      '@fastify/cors',
      'typebox',
      // Its code loads twice as many modules as typebox alone, which makes the start a tenth slower.
      'types of @fastify/type-provider-typebox',
    ],
  },
  { from: /^interfaces\/cli\/main\.ts$/, may: ['domain', 'application', 'own', 'node', 'container.ts'] },
  { from: /^interfaces\/cli\//, may: ['domain', 'application', 'own', 'node'] },
  {
    from: /^container\.ts$/,
    may: ['application', 'infrastructure/*', 'infrastructure', 'inversify', 'reflect-metadata', 'types of knex, pino'],
  },
];

export interface Import {
  /** Path below the root, with slashes. */
  readonly from: string;
  /** A path below the root, `node`, or a package. */
  readonly to: string;
  readonly typeOnly: boolean;
}

/** Every import of every module below a folder: static, dynamic, of types, and re-exports. */
export function importsBelow(root: string): { readonly modules: string[]; readonly imports: Import[] } {
  const modules = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.split(sep).join('/'));
  return { modules, imports: modules.flatMap((module) => importsOf(root, module)) };
}

function importsOf(root: string, module: string): Import[] {
  const text = readFileSync(join(root, module), 'utf8');
  const named = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
  return named.map((specifier) => ({
    from: module,
    to: target(module, specifier),
    typeOnly: isTypeOnly(text, specifier),
  }));
}

function target(module: string, specifier: string): string {
  if (specifier.startsWith('.'))
    return normalize(join(dirname(module), specifier))
      .split(sep)
      .join('/');
  if (isBuiltin(specifier)) return 'node';
  return specifier;
}

const isTypeOnly = (text: string, specifier: string): boolean =>
  new RegExp(`import type [^;]*from '${specifier}'`).test(text);

/** The imports that no rule allows. */
export const forbidden = (imports: readonly Import[]): Import[] => imports.filter((one) => !isAllowed(one));

function isAllowed({ from, to, typeOnly }: Import): boolean {
  const rule = RULES.find((line) => line.from.test(from));
  return rule?.may.some((allowed) => covers(allowed, from, to, typeOnly)) ?? false;
}

const TYPES_OF = 'types of ';

function covers(allowed: string, from: string, to: string, typeOnly: boolean): boolean {
  if (allowed.startsWith(TYPES_OF)) return typeOnly && allowed.slice(TYPES_OF.length).split(', ').includes(to);
  switch (allowed) {
    case 'own':
      return to.endsWith('.ts') && ownFolder(to) === ownFolder(from);
    case 'domain':
    case 'application':
    case 'infrastructure':
      return dirname(to) === allowed && to.endsWith('.ts');
    case 'infrastructure/*':
      return /^infrastructure\/.+\/[^/]+\.ts$/.test(to);
    default:
      return to === allowed;
  }
}

/** `interfaces/http` for a module at any depth below it. */
const ownFolder = (module: string): string => dirname(module).split('/').slice(0, 2).join('/');
