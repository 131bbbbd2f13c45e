import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { alwaysReady } from '../../src/infrastructure/memory/always-ready.ts';
import { InMemoryTaskRepository } from '../../src/infrastructure/memory/in-memory-task-repository.ts';
import { readSettings, SettingsSchema } from '../../src/infrastructure/settings.ts';
import { parseCommand } from '../../src/interfaces/cli/command.ts';
import { serverOn } from '../support/server.ts';

const project = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(project, file), 'utf8');

const dockerfile = read('Dockerfile');
const compose = read('compose.yaml');
const unit = read('deploy/task-service.service');

/** Of Node.js, and no setting of ours. */
const OTHERS = ['NODE_ENV'];
const notSettings = (names: readonly string[]) =>
  names.filter((name) => !OTHERS.includes(name) && !Object.hasOwn(SettingsSchema.properties, name));

/** How long the service takes to stop at most, as it says itself. */
const STOPPED_WITHIN_MS = Number(
  /STOP_PATIENCE_MS = ([\d_]+)/.exec(read('src/interfaces/http/main.ts'))?.[1]?.replace('_', ''),
);

/** What `dist/` will hold is compiled from files of the same names. */
const isCompiled = (path: string): boolean => existsSync(join(project, path.replace(/^dist\/(.*)\.js$/, '$1.ts')));

const first = (pattern: RegExp, text: string): string => pattern.exec(text)?.[1] ?? '';
const all = (pattern: RegExp, text: string): string[] => [...text.matchAll(pattern)].map(([, found = '']) => found);

async function statusOf(path: string): Promise<number> {
  const http = serverOn(new InMemoryTaskRepository(), alwaysReady);
  return (await http.inject(path)).statusCode;
}

describe('the Dockerfile', () => {
  const environment = first(/^ENV (.*)$/m, dockerfile)
    .split(' ')
    .map((pair) => pair.split('='));
  const [build = '', image = ''] = dockerfile.split(/^FROM /m).slice(1);

  it('sets settings that there are, to values that are allowed', () => {
    expect(notSettings(environment.map(([name = '']) => name))).toEqual([]);
    expect(() => readSettings(Object.fromEntries(environment))).not.toThrow();
  });

  it('asks the port that it opens for a route that there is', async () => {
    const port = String(readSettings(Object.fromEntries(environment)).PORT);
    expect(first(/^EXPOSE (\d+)$/m, dockerfile)).toBe(port);
    expect(await statusOf(first(/process\.env\.PORT}(\/\w+)`/, image))).toBe(200);
  });

  it('runs a file that is compiled, with production packages alone, as nobody special', () => {
    const [file = ''] = JSON.parse(first(/^CMD (.*)$/m, image.replace(/HEALTHCHECK[^\n]*\n[^\n]*/, '')));
    expect(isCompiled(file)).toBe(true);
    expect(build).toMatch(/npm ci --omit=dev\s*$/m);
    expect(Number(first(/^USER (\d+):\d+$/m, image))).toBeGreaterThan(0);
  });

  it('takes what is there, and .dockerignore lets it through', () => {
    const allowed = all(/^!(\S+)$/gm, read('.dockerignore'));
    const taken = all(/^COPY (?!--from)(.*) \S+$/gm, build).flatMap((files) => files.split(' '));
    expect(taken.sort()).toEqual(allowed.sort());
    expect(allowed.filter((file) => !existsSync(join(project, file)))).toEqual([]);
  });
});

describe('compose.yaml', () => {
  const part = (name: string): string => first(new RegExp(`^  ${name}:\\n((?: {4,}.*\\n|\\n)*)`, 'm'), compose);
  const settings = ['migrate', 'service'].map((name) => all(/^ {6}([A-Z_]+): (.*)$/gm, part(name)));

  it('sets settings that there are, to values that are allowed', () => {
    expect(settings.every(({ length }) => length > 0)).toBe(true);
    expect(notSettings(settings.flat())).toEqual([]);
    const pairs = [...(part('migrate') + part('service')).matchAll(/^ {6}([A-Z_]+): (.*)$/gm)];
    expect(() => readSettings(Object.fromEntries(pairs.map(([, name, value]) => [name, value])))).not.toThrow();
  });

  it('migrates with a command that there is, once, before the service', () => {
    const [file = '', ...words] = JSON.parse(first(/command: (.*)$/m, part('migrate')));
    expect(isCompiled(file)).toBe(true);
    expect(() => parseCommand(words)).not.toThrow();
    expect(part('migrate')).not.toContain('restart:');
    expect(part('service')).toMatch(/migrate:\n +condition: service_completed_successfully/);
  });

  it('gives the service time to stop', () => {
    expect(Number(first(/stop_grace_period: (\d+)s/, part('service'))) * 1_000).toBeGreaterThan(STOPPED_WITHIN_MS);
  });

  it('opens to this machine alone, and leads to the port of the image', () => {
    const port = first(/^EXPOSE (\d+)$/m, dockerfile);
    expect(all(/"([\d.]+):\d+:\d+"/g, compose).every((address) => address === '127.0.0.1')).toBe(true);
    expect(part('service')).toContain(`:${port}"`);
    expect(read('ops/prometheus.yml')).toContain(`targets: ["service:${port}"]`);
  });

  it('mounts what is there', () => {
    const mounted = all(/^ +- (\.\/[^:]+):/gm, compose);
    expect(mounted.length).toBeGreaterThan(1);
    expect(mounted.filter((path) => !existsSync(join(project, path)))).toEqual([]);
  });
});

describe('the systemd unit', () => {
  it('sets settings that there are', () => {
    expect(notSettings(all(/^Environment=(\w+)=/gm, unit))).toEqual([]);
    expect(notSettings(all(/^# .*?\b([A-Z]+_[A-Z_]+)=/gm, unit))).toEqual([]);
  });

  it('starts a file that is compiled, and gives it time to stop', () => {
    expect(isCompiled(first(/^ExecStart=\/usr\/bin\/node (\S+)$/m, unit))).toBe(true);
    expect(Number(first(/^TimeoutStopSec=(\d+)$/m, unit)) * 1_000).toBeGreaterThan(STOPPED_WITHIN_MS);
  });

  it('names a document that there is', () => {
    expect(existsSync(join(project, first(/(docs\/\S+\.md)/, unit)))).toBe(true);
  });
});
