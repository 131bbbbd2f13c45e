import { describe, expect, it } from 'vitest';
import { type Plan, planOf } from '../../bench/measure/plan.ts';

const targetsOf = ({ groups }: Plan, workload: string, clients: number) =>
  groups.find((group) => group.workload === workload && group.clients === clients)?.targets ?? [];
const namesOf = ({ targets }: Plan) => targets.map(({ name }) => name);

describe('the plan of a medium run', () => {
  it('contains only the measurements that the goals compare', () => {
    const plan = planOf('medium', {});
    expect(plan.rounds).toBe(8);
    expect(namesOf(plan)).toEqual(['service', 'textbook', 'node-http']);
    expect([...targetsOf(plan, 'read', 128)].sort()).toEqual(['node-http', 'service']);
    expect(targetsOf(plan, 'replay', 20)).toEqual(['service']);
    expect(targetsOf(plan, 'search', 32)).toEqual([]);
  });

  it('accepts other rounds, workloads, targets and numbers of clients', () => {
    const options = {
      minutes: 5,
      rounds: 2,
      concurrencies: [8],
      workloads: ['list'],
      targets: ['service', 'textbook'],
    };
    const plan = planOf('medium', options);
    expect([plan.minutes, plan.rounds]).toEqual([5, 2]);
    expect(plan.groups).toEqual([{ workload: 'list', clients: 8, targets: ['service', 'textbook'] }]);
  });

  it('rejects an unknown name', () => {
    expect(() => planOf('medium', { targets: ['service-plain'] })).toThrow('Unknown name service-plain');
    expect(() => planOf('medium', { targets: ['before'] })).toThrow('Unknown name before');
  });
});

describe('an earlier version of the service', () => {
  const plan = planOf('medium', { before: '/somewhere' });

  it('is measured in the same groups as the service', () => {
    expect(namesOf(plan)).toContain('before');
    expect(targetsOf(plan, 'create', 128)).toContain('before');
    expect(targetsOf(plan, 'tombstones-sync', 1)).toContain('before');
  });

  it('is not measured with many writers of one task', () => {
    expect(targetsOf(plan, 'toggle-one', 1)).toContain('before');
    expect(targetsOf(plan, 'toggle-one', 50)).not.toContain('before');
  });
});

describe('the plan of a full run', () => {
  it('contains all peers with 1, 32 and 128 clients', () => {
    const plan = planOf('full', {});
    const peers = ['node-http', 'service', 'textbook'];
    for (const clients of [1, 32, 128]) expect([...targetsOf(plan, 'search', clients)].sort()).toEqual(peers);
    expect(targetsOf(plan, 'tombstones-list', 1)).toEqual(['service']);
  });
});
