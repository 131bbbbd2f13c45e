import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { alwaysReady } from '../../../src/infrastructure/memory/always-ready.ts';
import { InMemoryTaskRepository } from '../../../src/infrastructure/memory/in-memory-task-repository.ts';
import { OPERATIONS } from '../../../src/interfaces/http/openapi/document.ts';
import { serverOn } from '../../support/server.ts';

const SCREENSHOTS = process.env['SCREENSHOTS'];
const CHROMIUM = inject('chromium');

describe.skipIf(CHROMIUM === '')('the page for trying the API', () => {
  let browser: Browser;
  let http: FastifyInstance;
  let page: Page;
  let origin: string;
  let requested: string[];
  let complaints: string[];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM });
  });
  afterAll(() => browser.close());

  async function open(options: { requireIfMatch?: boolean } = {}): Promise<void> {
    http = serverOn(new InMemoryTaskRepository(), alwaysReady, options);
    origin = await http.listen({ host: '127.0.0.1', port: 0 });
    page = await browser.newPage({ viewport: { width: 1360, height: 900 } });
    requested = [];
    complaints = [];
    page.on('request', (request) => requested.push(new URL(request.url()).origin));
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('console', (message) => complaints.push(message.text()));
    await page.goto(`${origin}/docs`);
  }
  afterEach(async () => {
    await page.close();
    await http.close();
    expect(new Set(requested)).toEqual(new Set([origin]));
  });

  const step = (name: string): Locator => page.locator(`#${name}`);
  const answerOf = async (place: Locator): Promise<string> => (await place.locator('.answer').textContent()) ?? '';
  /** Sends what a form holds. @returns the status and the body of the answer, as they are shown */
  async function send(place: Locator) {
    await place.locator('.answer-place').evaluate((answer) => answer.replaceChildren());
    await place.getByRole('button', { name: 'Send' }).click();
    const status = Number.parseInt((await place.locator('.status strong').textContent()) ?? '', 10);
    const body = place.locator('.answer pre');
    return { status, json: (await body.count()) === 0 ? undefined : JSON.parse((await body.textContent()) ?? '') };
  }
  /** What browsers say of every such answer, whatever a page does. */
  const refusal = (status: number, reason: string) =>
    `Failed to load resource: the server responded with a status of ${status} (${reason})`;

  it('leads through the whole tour', async () => {
    await open();
    expect((await send(step('create'))).status).toBe(201);
    expect((await send(step('list'))).json.tasks).toMatchObject([{ title: 'Buy milk', completed: false }]);
    expect((await send(step('complete'))).json).toMatchObject({ completed: true, revision: 2 });

    const conflict = await send(step('conflict'));
    expect(conflict).toMatchObject({ status: 412, json: { code: 'revision-mismatch', current: { revision: 2 } } });
    await screenshot('docs-conflict', step('conflict'));
    expect((await send(step('decide'))).json).toMatchObject({ title: 'Buy oat milk', revision: 3 });

    expect((await send(step('repeat'))).status).toBe(201);
    expect((await send(step('repeat'))).status).toBe(201);
    expect(await answerOf(step('repeat'))).toContain('idempotency-replayedtrue');

    expect((await send(step('delete'))).status).toBe(204);
    expect((await send(step('trash'))).json.tasks).toMatchObject([{ deleted_at: expect.any(String) }]);
    expect((await send(step('restore'))).json).toMatchObject({ title: 'Buy oat milk', completed: true });
    const { json } = await send(step('changes'));
    expect(json.changes).toMatchObject([{ title: 'Buy bread' }, { title: 'Buy oat milk' }]);

    expect(await page.locator('nav a.done').count()).toBe(10);
    expect(complaints).toEqual([refusal(412, 'Precondition Failed')]);
  });

  it('leads through it also where every change must name a revision', async () => {
    await open({ requireIfMatch: true });
    await page.getByRole('button', { name: 'Run all steps' }).click();
    await page.locator('nav a.done').nth(9).waitFor();
  });

  it('runs the tour by itself, for another owner, and says what it would be as curl', async () => {
    await open();
    await page.getByLabel('Owner').fill('bob@example.com');
    await page.getByRole('button', { name: 'Run all steps' }).click();
    await page.locator('nav a.done').nth(9).waitFor();
    expect(await step('list').locator('.curl pre').textContent()).toBe(
      `curl -i '${origin}/api/bob%40example.com/tasks'`,
    );
    expect(await step('changes').locator('.answer pre').textContent()).toContain('"user_id": "bob@example.com"');
    expect(complaints).toEqual([refusal(412, 'Precondition Failed')]);
  });

  it('does not send a step before what it needs is known', async () => {
    await open();
    await step('complete').getByRole('button', { name: 'Send' }).click();
    expect(await step('complete').locator('.answer').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('has a form for every operation, and shows what is refused', async () => {
    await open();
    await page.locator('nav').getByRole('link', { name: 'POST Create a task' }).click();
    const card = page.locator('#createTask');
    await card
      .getByRole('textbox', { name: 'Body', exact: true })
      .fill('{"title":"","colour":"<img src=x onerror=alert(1)>"}');
    const { status, json } = await send(card);
    expect([status, json.errors.length]).toEqual([400, 2]);
    await card.getByRole('button', { name: 'A title is enough' }).click();
    expect((await send(card)).status).toBe(201);

    expect(await page.locator('details.operation').count()).toBe(OPERATIONS.length);
    expect(complaints).toEqual([refusal(400, 'Bad Request')]);
  });

  it('says that the service does not answer', async () => {
    await open();
    await page.waitForSelector('#create');
    await http.close();
    await step('create').getByRole('button', { name: 'Send' }).click();
    await page.getByText('The service does not answer.').waitFor();
  });

  /** Only when they are asked for: `npm run screenshots`. */
  async function screenshot(name: string, place: Locator): Promise<void> {
    if (SCREENSHOTS === undefined) return;
    mkdirSync(SCREENSHOTS, { recursive: true });
    await place.evaluate((element) => element.scrollIntoView());
    await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
  }
});
