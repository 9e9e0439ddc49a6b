import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { ask } from '../support/ask.ts';
import { makeHistory } from '../support/history.ts';
import { sharedPanel } from '../support/shared-panel.ts';
import { furnish, type Studio } from '../support/studio.ts';

let studio: Studio;
const shared = sharedPanel(async (gateway) => {
  studio = await furnish(gateway);
  await makeHistory(gateway, studio, { rows: 2_000, days: 20 });
  await gateway.restart(() => askManyModels(gateway.dataDir));
});

const MANY = 'a-tool-of-many-models';
/** So many that only the rows in sight are in the page. */
const MODELS = 200;

/** A request of three days ago to each of many models, as if they had been made. */
function askManyModels(dataDir: string): void {
  const db = new Database(join(dataDir, 'ntl.db'));
  const nameId = db.prepare<[string], number>('INSERT INTO names (text) VALUES (?) RETURNING id').pluck();
  const insert = db.prepare(
    `INSERT INTO requests (id, at, request_id, member_id, key_id, address, tool, endpoint, model, status, counted)
     SELECT max(id) + 1, ?, ?, 1, 1, address, ?, endpoint, ?, 200, 1 FROM requests`,
  );
  db.transaction(() => {
    const tool = nameId.get(MANY);
    for (let model = 1; model <= MODELS; model++) {
      insert.run(Date.now() - 3 * 86_400_000, randomBytes(16), tool, nameId.get(`many/model-${model}`));
    }
  })();
  db.close();
}
const { open } = shared;

const table = (page: Page) => page.getByRole('table', { name: /^Usage by/ });
const total = (page: Page) => table(page).locator('tfoot td').nth(1).innerText();
/** What a choice of one filter is called. */
async function choose(page: Page, filter: string, option: string): Promise<void> {
  await page.getByRole('button', { name: new RegExp(`^${filter}`) }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

describe('usage', () => {
  it('adds up to what the gateway has, by whatever it is split', async () => {
    const page = await open('/usage');
    const from = new Date(Date.now() - 29 * 86_400_000);
    const startDate = new Date(from.getFullYear(), from.getMonth(), from.getDate()).toISOString();
    const { body } = await shared.gateway.admin('GET', `/usage?step=total&startDate=${startDate}`);
    const wanted = body.totals.requests.toLocaleString('en-US');
    expect(await total(page)).toBe(wanted);
    for (const [option, first] of [
      ['Member', 'Ada'],
      ['Tool', 'Claude Code'],
      ['Provider', 'Anthropic'],
      ['Key', 'laptop'],
    ] as const) {
      await choose(page, 'Split by', option);
      await table(page)
        .getByRole('row', { name: new RegExp(first) })
        .first()
        .waitFor();
      expect(await total(page)).toBe(wanted);
    }
    await page.locator('.recharts-bar-rectangle').first().waitFor({ state: 'attached' });
  });

  it('narrows to one group and its next question, and back', async () => {
    const page = await open('/usage?metric=requests');
    const row = table(page).getByRole('row', { name: /claude-opus-4-5/ });
    const requests = await row.getByRole('cell').nth(1).innerText();
    await row.click();
    await page.getByRole('button', { name: 'Model claude-opus-4-5' }).waitFor();
    await table(page).getByRole('row', { name: /Mika/ }).waitFor();
    expect(await total(page)).toBe(requests);
    await page.goBack();
    await row.waitFor();
    await expect.poll(() => row.getByRole('cell').nth(1).innerText()).toBe(requests);
  });

  it('is told for own dates, one day by its hours', async () => {
    const page = await open('/usage');
    await page.getByRole('button', { name: 'Dates' }).click();
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.getByText('Choose both days.').waitFor();
    const day = new Date(Date.now() - 5 * 86_400_000);
    const text = [day.getFullYear(), day.getMonth() + 1, day.getDate()]
      .map((part) => String(part).padStart(2, '0'))
      .join('-');
    await page.getByLabel('First day').fill(text);
    await page.getByLabel('Last day').fill(text);
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await until('the address', () => page.url().includes(`from=${text}&to=${text}`));
    const midnight = new Date(day.getFullYear(), day.getMonth(), day.getDate());
    const next = new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1);
    const query = `startDate=${midnight.toISOString()}&endDate=${next.toISOString()}`;
    const { body } = await shared.gateway.admin('GET', `/usage?step=total&${query}`);
    await until('the sums', async () => (await total(page)) === String(body.totals.requests));
    await page.getByRole('img', { name: /cost by hour/ }).waitFor();
  });

  it('can be saved as it is shown', async () => {
    const page = await open(`/usage?by=member&model=gpt-5.1&span=7d`);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export CSV' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toMatch(/^usage-by-member-\d{4}-\d\d-\d\d-to-\d{4}-\d\d-\d\d\.csv$/);
    const [head = '', ...lines] = (await readFile(await file.path(), 'utf8')).trimEnd().split('\r\n');
    const at = head.split(',').indexOf('requests');
    expect(head.split(',')).toContain('memberName');
    const sum = lines.reduce((whole, line) => whole + Number(line.split(',')[at]), 0);
    expect(await total(page)).toBe(sum.toLocaleString('en-US'));
  });

  it('lists the largest, and the others when they are wanted', async () => {
    const page = await open(`/usage?span=7d&metric=requests&tool=${MANY}`);
    await page.getByText(`The 100 largest of ${MODELS} models`).waitFor();
    expect(await total(page)).toBe(String(MODELS));
    expect(await table(page).locator('tbody tr').count()).toBe(100);
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.getByText(/^The 100 largest/).waitFor({ state: 'detached' });
    const scrolled = await page.evaluate(() => document.getElementById('main')?.scrollTop);
    expect(scrolled).toBeGreaterThan(500);
    expect(await total(page)).toBe(String(MODELS));
    await page.getByRole('img', { name: /requests by day/ }).hover();
    await page.getByText(`${MODELS - 4} others`).waitFor();
  });

  it('follows what is sent', async () => {
    const page = await open('/usage?span=24h&model=ntl/echo&metric=requests');
    await page.getByText('No requests match these filters').waitFor();
    await ask(shared.gateway, shared.gateway.key);
    await until('the request', async () => (await table(page).count()) === 1 && (await total(page)) === '1');
  });

  it('says why there is nothing, and what to do', async () => {
    const page = await open(`/usage?memberId=${studio.members.Sol}`);
    await page.getByText('No requests match these filters').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await table(page).waitFor();
    await open('/usage?from=2020-01-01&to=2020-01-31');
    await page.getByText('No requests in this time').waitFor();
    await page.getByRole('button', { name: 'Show a year' }).click();
    await table(page).waitFor();
  });
});
