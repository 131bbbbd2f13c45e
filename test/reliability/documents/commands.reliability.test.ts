import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { documents } from '../../support/documents.ts';
import { withOwnDatabase } from '../../support/own-database.ts';
import { startService } from '../../support/service-process.ts';
import { masked, type Shown, shownIn } from '../../support/shell-commands.ts';
import { NOT_RUN } from './not-run.ts';

const project = join(import.meta.dirname, '../../..');
const shown = documents.flatMap(shownIn);
const isRun = (command: string): boolean => !NOT_RUN.some(([pattern]) => pattern.test(command));
const runIn = documents.filter((document) => shownIn(document).some(({ commands }) => commands.some(isRun)));

/** The document asks to send it twice, and shows the second answer. */
const isSentTwice = (command: string): boolean => command.includes('Idempotency-Key:');

/** A folder that is to a command as that of the project, and keeps what it leaves behind. */
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'task-service-documents-'));
  const own = ['.data', '.env', '.git', 'dist'];
  const parts = (await readdir(project)).filter((part) => !own.includes(part));
  await Promise.all(parts.map((part) => symlink(join(project, part), join(folder, part))));
  await symlink(inject('buildFolder'), join(folder, 'dist'));
  const line = { level: 50, reqId: 'e4cab108-8e59-4273-a698-8c9a33c3c688', msg: 'request failed' };
  await writeFile(join(folder, 'service.log'), `${JSON.stringify(line)}\n`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs the blocks of one document in one shell, as somebody who pastes them. @returns what each has printed */
async function printed(blocks: readonly Shown[], environment: NodeJS.ProcessEnv, baseUrl: string): Promise<string[]> {
  const MARK = '\u001e';
  const script = blocks.flatMap(({ commands }) => [
    `printf '${MARK}'`,
    ...commands.filter(isRun).flatMap((command) => (isSentTwice(command) ? [command, command] : [command])),
  ]);
  const text = script.join('\n').replaceAll('http://127.0.0.1:3000', baseUrl);
  const stdout = await new Promise<string>((resolve, reject) => {
    const options = { cwd: folder, env: { ...process.env, ...environment } };
    const shell = execFile('bash', ['-euo', 'pipefail', '-c', text], options, (error, output, complaints) => {
      if (error === null) return resolve(output);
      const failed = blocks[output.split(MARK).length - 2];
      reject(new Error(`${failed?.document}: ${failed?.commands.join('\n')}\n${complaints}`));
    });
    shell.stdin?.end();
  });
  return stdout.split(MARK).slice(1);
}

describe('the commands that the documents show', () => {
  it('are run here, or are on the list of those that are not, which has none too many', () => {
    const commands = shown.flatMap((block) => block.commands);
    expect(commands.length).toBeGreaterThan(40);
    expect(commands.filter(isRun).length).toBeGreaterThan(25);
    expect(NOT_RUN.filter(([pattern]) => !commands.some((command) => pattern.test(command)))).toEqual([]);
  });

  it.each(runIn)('work, and print what is shown: %s', (document) =>
    withOwnDatabase(async (DATABASE_URL) => {
      const { baseUrl } = await startService({ DATABASE_URL });
      const blocks = shownIn(document);
      const outputs = await printed(blocks, { DATABASE_URL }, baseUrl);

      // Elsewhere, what is printed depends on what was done before, which the document leaves open.
      if (document !== 'README.md') return;
      const missing = blocks.flatMap(({ output }, n) => {
        const lines = masked(outputs[n] ?? '').split(/\r?\n/);
        return output.map(masked).filter((line) => !lines.includes(line));
      });
      expect(missing).toEqual([]);
      expect(blocks.filter(({ output }) => output.length > 0).length).toBeGreaterThan(15);
    }),
  );
});
