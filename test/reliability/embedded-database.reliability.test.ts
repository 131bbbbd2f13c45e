import { chmod, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { dataFolder, endProcessesOn, processesOn } from '../support/data-folder.ts';
import { ProgramProcess, type RunningService, SERVICE, startService } from '../support/service-process.ts';
import { send } from './support/client.ts';
import { Ledger } from './support/ledger.ts';
import { PATIENCE_MS, seeded, size, tell } from './support/sizes.ts';

const ROUNDS = size('EMBEDDED_ROUNDS', 1, 20);

const WAYS = {
  'the service': (service: RunningService) => service.stop('SIGKILL'),
  'its server': (_service: RunningService, folder: string) => endProcessesOn(folder, 'SIGKILL'),
  both: (service: RunningService, folder: string) =>
    Promise.all([service.stop('SIGKILL'), endProcessesOn(folder, 'SIGKILL')]),
};

/** Where other users may not look, as in a home folder. */
async function privateFolder(): Promise<string> {
  const home = await dataFolder();
  await chmod(home, 0o700);
  const folder = join(home, 'data');
  await mkdir(folder);
  return folder;
}

describe.concurrent('the embedded database', { timeout: PATIENCE_MS }, () => {
  it.each(Object.entries(WAYS))(
    `has every acknowledged task after kill -9 of %s, ${ROUNDS} times`,
    async (what, kill) => {
      const random = seeded();
      const DATA_DIR = what === 'both' ? await privateFolder() : await dataFolder();
      const ledger = new Ledger(1);
      const [owner] = ledger.owners as [string];
      const starts: number[] = [];
      let service = await startService({ DATA_DIR });

      for (let n = 0; n < ROUNDS; n++) {
        let isKilled = false;
        const creating = (async () => {
          while (!isKilled) {
            const attempt = ledger.try(owner);
            const { status, json, headers } = await send(`${service.baseUrl}/api/${owner}/tasks`, {
              body: { title: attempt.title },
              headers: { 'idempotency-key': attempt.key ?? '' },
            });
            if (status === 201) ledger.ack(attempt, json.id, headers.get('etag'));
            else await sleep(20);
          }
        })();
        // However long the first ones take: without any, nothing could be lost.
        const wanted = ledger.acknowledgedOf(owner).length + 2;
        while (ledger.acknowledgedOf(owner).length < wanted) await sleep(5);
        await sleep(random.between(0, 400));
        await kill(service, DATA_DIR);
        isKilled = true;
        await creating;
        // Whose server is gone does not mend itself: whoever supervises it stops it.
        if (what === 'its server') {
          expect((await send(`${service.baseUrl}/readyz`)).status).toBe(503);
          expect(await service.stop()).toBe(0);
        }
        const began = performance.now();
        service = await startService({ DATA_DIR });
        starts.push(Math.round(performance.now() - began));
      }

      const { json } = await send(`${service.baseUrl}/api/${owner}/tasks?limit=1000`);
      const { json: changes } = await send(`${service.baseUrl}/api/${owner}/tasks/changes?limit=1000`);
      const ids = new Set((json.tasks as { id: string }[]).map(({ id }) => id));
      const titles = (json.tasks as { title: string }[]).map(({ title }) => title);
      const lost = ledger.acknowledgedOf(owner).filter(({ ack }) => !ids.has(ack?.id ?? ''));
      tell(`embedded, kill -9 of ${what}`, {
        seed: random.seed,
        rounds: ROUNDS,
        tried: ledger.tries.length,
        acknowledged: ledger.acknowledgedOf(owner).length,
        lost: lost.length,
        duplicates: titles.length - new Set(titles).size,
        'slowest start after (ms)': Math.max(...starts),
      });
      expect(changes.changes).toHaveLength(Math.min(1_000, titles.length));
      expect(lost).toEqual([]);
      expect(new Set(titles).size).toBe(titles.length);
      expect(ledger.acknowledgedOf(owner).length).toBeGreaterThan(ROUNDS);
      expect(await service.stop()).toBe(0);
      expect(processesOn(DATA_DIR)).toEqual([]);
    },
  );

  it(`comes about when making it was interrupted, whenever that was, ${ROUNDS} times`, async () => {
    const random = seeded();
    const kills: number[] = [];
    for (let n = 0; n < ROUNDS; n++) {
      const DATA_DIR = await dataFolder();
      for (let kill = 0; kill < 2; kill++) {
        const making = new ProgramProcess(SERVICE, { DATA_DIR });
        // From its first file on, until it is about to serve.
        await vi.waitFor(async () => expect(await readdir(DATA_DIR)).toContainEqual(expect.stringMatching(/^pg\d+/)), {
          timeout: 20_000,
          interval: 5,
        });
        const after = random.between(0, 500);
        await sleep(after);
        await making.stop('SIGKILL');
        // What it began goes on without it, unless the whole machine is going down.
        if (kill === 0) await endProcessesOn(DATA_DIR, 'SIGKILL');
        kills.push(after);
      }
      const service = await startService({ DATA_DIR });
      expect((await send(`${service.baseUrl}/api/alice/tasks`, { body: { title: 'Buy milk' } })).status).toBe(201);
      expect(await service.stop()).toBe(0);
      expect(processesOn(DATA_DIR)).toEqual([]);
    }
    tell('embedded, killed while made', { seed: random.seed, rounds: ROUNDS, 'killed after (ms)': kills.join(' / ') });
  });
});
