import { describe, expect, it } from 'vitest';
import { isAsked, planOf } from '../../bench/measure/plan.ts';
import { SERVICE, VARIANTS } from '../../bench/targets/targets.ts';

const namesOf = ({ targets }: ReturnType<typeof planOf>) => targets.map(({ name }) => name);
const [variant = SERVICE] = VARIANTS;

describe('the variants of the service', () => {
  it('are left out of a quick run, unless they are named', () => {
    expect(namesOf(planOf('quick', {}))).not.toContain(variant.name);
    expect(namesOf(planOf('quick', { targets: ['service', variant.name] }))).toEqual(['service', variant.name]);
    expect(namesOf(planOf('medium', {}))).toContain(variant.name);
    expect(namesOf(planOf('full', {}))).toContain(variant.name);
  });

  it('take part in some workloads alone', () => {
    const plan = planOf('full', {});
    expect(isAsked(plan, variant, 'complete', 32)).toBe(true);
    expect(isAsked(plan, variant, 'search', 32)).toBe(false);
    expect(isAsked(plan, SERVICE, 'search', 32)).toBe(true);
  });
});

describe('a medium run', () => {
  it('asks less than a full one: 128 clients and open loops for three workloads', () => {
    const { concurrencies, paces, rounds } = planOf('medium', {});
    expect(rounds).toBe(5);
    for (const workload of ['read', 'create', 'mixed'] as const) {
      expect(concurrencies(workload)).toEqual([1, 32, 128]);
      expect(paces(workload)).toEqual(['half', 'most', 'common']);
    }
    expect(concurrencies('search')).toEqual([1, 32]);
    expect(paces('search')).toEqual([]);
  });

  it('is bounded and changed as any other', () => {
    const plan = planOf('medium', { minutes: 5, rounds: 2, concurrencies: [8] });
    expect([plan.minutes, plan.rounds, plan.concurrencies('list')]).toEqual([5, 2, [8]]);
    expect(isAsked(plan, variant, 'list', 8)).toBe(true);
  });
});
