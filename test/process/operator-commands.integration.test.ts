import { expect, inject, it } from 'vitest';
import { freshOwner } from '../support/owners.ts';
import { COMMANDS, run, startService } from '../support/service-process.ts';

it('purge and erase work beside a running service, which tells its followers', async () => {
  const DATABASE_URL = inject('databaseUrl');
  const { baseUrl } = await startService({ DATABASE_URL });
  const owner = freshOwner();
  const list = `${baseUrl}/api/${owner}/tasks`;
  const body = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"title":"Buy milk"}' };
  const created = await fetch(list, body);
  await fetch(new URL(created.headers.get('location') ?? '', baseUrl), { method: 'DELETE' });
  const feed = async () => (await fetch(`${list}/changes?since=1`)).status;
  expect(await feed()).toBe(200);

  const erase = [...COMMANDS, 'erase', '--user', owner];
  // Nobody is there to be asked.
  expect(await run(erase, { DATABASE_URL })).toMatchObject({ code: 1, stderr: expect.stringContaining('--yes') });
  expect(await feed()).toBe(200);
  expect(await run([...erase, '--yes'], { DATABASE_URL })).toMatchObject({
    code: 0,
    stdout: 'Erased 1 tasks for good.\n',
  });
  expect(await feed()).toBe(410);

  const preview = await run([...COMMANDS, 'purge', '--deleted-before', '0d', '--dry-run'], { DATABASE_URL });
  expect(preview.code).toBe(0);
  const wrong = await run([...COMMANDS, 'purge', '--deleted-before', 'soon'], { DATABASE_URL });
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('Usage:')]);
});
