import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { namesIn } from '../support/scrape.ts';
import { startService } from '../support/service-process.ts';

const ops = join(import.meta.dirname, '../../ops');
const alerts = join(ops, 'prometheus/alerts.yml');

/** What the server that scrapes adds by itself. */
const NOT_OF_THE_SERVICE = ['up'];

const dashboard = JSON.parse(readFileSync(join(ops, 'grafana/provisioning/dashboards/task-service.json'), 'utf8'));
const queries: string[] = dashboard.panels.flatMap(({ targets }: { targets: { expr: string }[] }) =>
  targets.map(({ expr }) => expr),
);
/** Each `expr`, with the lines of a folded one. */
const expressions = Array.from(readFileSync(alerts, 'utf8').matchAll(/expr:((?: .*\n)(?: {10}.*\n)*)/g), ([, told]) =>
  String(told),
);

/** Names of metrics: what is no label, no function and no value. */
const namesOf = (expression: string): string[] =>
  expression.replaceAll(/"[^"]*"/g, '').match(/\b(task_service|nodejs|process)_\w+|\bup\b/g) ?? [];

describe('the dashboard and the alerts', () => {
  it('name only metrics that a service has', async () => {
    const service = await startService({ DATABASE_URL: inject('directUrl') });
    const there = namesIn(await (await fetch(`${service.baseUrl}/metrics`)).text());
    await service.stop();
    expect(queries.length).toBeGreaterThan(15);
    expect(expressions.length).toBe(readFileSync(alerts, 'utf8').split('alert:').length - 1);
    for (const expression of [...queries, ...expressions]) {
      const names = namesOf(expression).filter((name) => !NOT_OF_THE_SERVICE.includes(name));
      expect(namesOf(expression).length, expression).toBeGreaterThan(0);
      for (const name of names) expect(there, expression).toContain(name);
    }
  });

  it('are not the only ones that know them: the document names all metrics of the service', async () => {
    const service = await startService({ DATABASE_URL: inject('directUrl') });
    const text = await (await fetch(`${service.baseUrl}/metrics`)).text();
    await service.stop();
    const document = readFileSync(join(ops, '../docs/observability.md'), 'utf8');
    const told = Array.from(document.matchAll(/^\| `(task_service_\w+)`/gm), ([, name]) => name);
    const counted = Array.from(text.matchAll(/^# TYPE (task_service_\w+)/gm), ([, name]) => name);
    expect(told.sort()).toEqual(counted.sort());
  });

  const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

  it.skipIf(!hasPromtool)(
    'are understood by Prometheus, and fire when they should (needs promtool: apt-get install prometheus)',
    () => {
      for (const words of [
        ['check', 'rules', alerts],
        ['test', 'rules', join(ops, 'prometheus/alerts.test.yml')],
      ]) {
        const { status, stdout, stderr } = spawnSync('promtool', words, { encoding: 'utf8' });
        expect(status, stdout + stderr).toBe(0);
      }
    },
  );
});
