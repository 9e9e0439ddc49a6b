import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { type Provider, startProvider } from '../../support/provider/provider.ts';
import { reply } from '../../support/provider/reply.ts';
import { until } from '../../support/until.ts';
import { seriousFindings } from '../support/accessibility.ts';
import { ask } from '../support/ask.ts';
import { makeHistory } from '../support/history.ts';
import { sharedPanel } from '../support/shared-panel.ts';
import { furnish, type Studio } from '../support/studio.ts';

const ROWS = 3_000;
let studio: Studio;
const shared = sharedPanel(async (gateway) => {
  studio = await furnish(gateway);
  await makeHistory(gateway, studio, { rows: ROWS, days: 10 });
});
const { open } = shared;

const dataRows = (page: Page) => page.locator('tr[data-row]');
const scroller = (page: Page) => page.locator('[data-audit-scroller]');
const scrollTo = (page: Page, top: number) =>
  scroller(page).evaluate((element, to) => {
    element.scrollTop = to;
  }, top);
const scrollTop = (page: Page) => scroller(page).evaluate((element) => element.scrollTop);

/** The whole log, and its grid, once it is there. */
async function openAll(query = ''): Promise<Page> {
  const page = await open(`/audit?time=all${query}`);
  await dataRows(page).first().waitFor();
  return page;
}

async function publish(provider: Provider, model: string, name: string, priority = 0): Promise<void> {
  await shared.gateway.publish(provider, [model], { name, priority, upstreamModel: 'gpt-4o' });
}

describe('the grid', () => {
  it('holds only what is in sight, and any row of thousands once one scrolls there', async () => {
    const page = await openAll();
    await page.getByText(`${ROWS.toLocaleString('en-US')} requests`).waitFor();
    const oldest = (await shared.gateway.admin('GET', `/requests?pageSize=1&page=${ROWS}`)).body.data[0];
    await scrollTo(page, 1e9);
    await page
      .locator(`time[title*="${oldest.at.slice(11, 19)}"]`)
      .first()
      .waitFor();
    expect(await dataRows(page).count()).toBeLessThan(100);
    expect(await page.locator('tr').count()).toBeLessThan(100);
    await scrollTo(page, 0);
    await until('the top', async () => (await dataRows(page).count()) > 10);
    expect(await dataRows(page).count()).toBeLessThan(100);
  });

  it('is walked by keys alone: a row, its details, its request id', async () => {
    const page = await openAll();
    const newest = (await shared.gateway.admin('GET', '/requests?pageSize=3')).body.data;
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('k');
    await page.keyboard.press('c');
    await page.getByText('Request id copied').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(newest[1].requestId);
    await page.keyboard.press('Enter');
    await page.getByRole('row', { expanded: true }).waitFor();
    await page.getByRole('heading', { name: 'Request', exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('row', { expanded: true }).waitFor({ state: 'detached' });
  });

  it('leaves out what matters least where the window is narrow', async () => {
    const page = await openAll();
    const heads = () => page.getByRole('columnheader').allTextContents();
    expect(await heads()).toContain('Tool');
    await page.setViewportSize({ width: 900, height: 800 });
    await until('a column to go', async () => !(await heads()).includes('Tool'));
    expect(await heads()).toEqual(expect.arrayContaining(['Status', 'Model', 'Provider or reason', 'Cost']));
    await page.setViewportSize({ width: 1280, height: 800 });
  });
});

describe('filters', () => {
  it('live in the address: links carry them and Back undoes them', async () => {
    const ada = studio.members.Ada;
    const page = await openAll(`&memberId=${ada}&outcome=refused`);
    const { body } = await shared.gateway.admin('GET', `/requests?memberId=${ada}&outcome=refused`);
    await page.getByText(`${body.pagination.total} requests`).waitFor();
    await page.getByRole('button', { name: 'Status Refused' }).click();
    await page.getByRole('option', { name: 'Answered' }).click();
    await page.getByText(`${body.pagination.total} requests`).waitFor({ state: 'detached' });
    await page.goBack();
    await page.getByText(`${body.pagination.total} requests`).waitFor();
    expect(page.url()).toContain(`memberId=${ada}`);
  });

  it('find one request by its id, at any time, and open it', async () => {
    const { body } = await shared.gateway.admin('GET', `/requests?pageSize=1&page=${ROWS - 100}`);
    const [row] = body.data;
    const page = await open('/audit');
    await page.getByRole('searchbox').fill(row.requestId);
    await page.getByRole('row', { expanded: true }).waitFor();
    await until('one row alone', async () => (await dataRows(page).count()) === 1);
    // A ledger links to a row by its number.
    await open(`/audit/${row.id}`);
    await page.getByRole('row', { expanded: true }).waitFor();
    expect(page.url()).toContain(row.requestId);
  });

  it('find a key by its beginning, and never put more of it into the address', async () => {
    const { key, keyId } = await shared.gateway.member({ name: 'Zoe' }, { name: 'found' });
    await ask(shared.gateway, key);
    const page = await open('/audit');
    await page.getByRole('searchbox').fill(key);
    await until('the search', () => page.url().includes('q=ntl_live_'));
    expect(page.url()).not.toContain(key.slice(0, 20));
    await dataRows(page).filter({ hasText: 'Zoe' }).waitFor();
    await until('one row alone', async () => (await dataRows(page).count()) === 1);
    await open(`/audit?keyId=${keyId}`);
    await dataRows(page).filter({ hasText: 'Zoe' }).waitFor();
  });

  it('say what they look for while that is not clear, and offer a way out of nothing', async () => {
    const page = await open('/audit?time=all&q=192.168');
    await page.getByText('this is none yet').waitFor();
    await page.getByRole('searchbox').fill('10.9.9.9');
    await page.getByText('No requests match').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await dataRows(page).first().waitFor();
  });
});

describe('the live tail', () => {
  it('brings requests to the top as they come, and their end to those that run', async () => {
    await using provider = await startProvider();
    await publish(provider, 'live-model', 'live provider');
    const page = await open('/audit?time=today&model=live-model');
    await page.getByText('No requests match').waitFor();
    await ask(shared.gateway, shared.gateway.key, 'live-model');
    await dataRows(page).filter({ hasText: 'live provider' }).waitFor();
    await until('one row alone', async () => (await dataRows(page).count()) === 1);
  });

  it('moves neither an open row nor the place one reads at: what comes waits', async () => {
    const page = await openAll();
    await scrollTo(page, 2_700);
    await until('the rows there', async () => (await dataRows(page).count()) > 20);
    const before = [await scrollTop(page), await dataRows(page).nth(15).innerText()];
    for (let count = 0; count < 3; count += 1) await ask(shared.gateway, shared.gateway.key);
    await page.getByRole('button', { name: '3 new' }).waitFor();
    expect([await scrollTop(page), await dataRows(page).nth(15).innerText()]).toEqual(before);
    await page.getByRole('button', { name: '3 new' }).click();
    await until('the top', async () => (await scrollTop(page)) === 0);
    await expect.poll(() => dataRows(page).first().innerText()).toContain('built-in echo');

    await dataRows(page).nth(4).click();
    const open = page.getByRole('row', { expanded: true });
    await page.getByRole('heading', { name: 'Request', exact: true }).waitFor();
    const place = await open.boundingBox();
    await ask(shared.gateway, shared.gateway.key);
    await page.getByRole('button', { name: '1 new' }).waitFor();
    expect(await open.boundingBox()).toEqual(place);
    // Whoever closes it, at the top, watches again.
    await open.click();
    await page.getByRole('button', { name: '1 new' }).waitFor({ state: 'detached' });
  });

  it('stands still after Space, until Space again', async () => {
    const page = await openAll();
    await page.keyboard.press(' ');
    await page.getByRole('button', { name: 'Go live' }).waitFor();
    const first = await dataRows(page).first().innerText();
    await ask(shared.gateway, shared.gateway.key);
    await page.getByRole('button', { name: '1 new' }).waitFor();
    expect(await dataRows(page).first().innerText()).toBe(first);
    await page.keyboard.press(' ');
    await page.getByRole('button', { name: '1 new' }).waitFor({ state: 'detached' });
    await expect.poll(() => dataRows(page).first().innerText()).not.toBe(first);
  });
});

describe('an open row', () => {
  it('says why a request was refused, where the checks stopped, and how the limit stands', async () => {
    const { id, key } = await shared.gateway.member({ name: 'Tight' });
    await shared.gateway.admin('PUT', '/limits', {
      ...{ scope: 'member', subjectId: id, metric: 'requests', windowSeconds: 86_400, amount: 1 },
    });
    await ask(shared.gateway, key);
    expect((await ask(shared.gateway, key)).code).toBe('quota_day');
    const page = await open(`/audit?memberId=${id}&outcome=refused`);
    await dataRows(page).first().click();
    await page.getByText('A limit of Tight was full.').waitFor();
    await page.getByText('Nothing was charged, and no provider was called.').waitFor();
    await page.getByText('Limits: quota_day').waitFor();
    expect(await page.getByRole('listitem').allInnerTexts()).toContain('Balance, not reached');
    await page
      .getByText('Tight’s own limit of 1 request / 24 h had 1 request used; this request needed 1 request.')
      .waitFor();
    await page.getByText('Had nothing else been sent, it would have passed').waitFor();
    // As it stood then, and as it stands now.
    await expect.poll(() => page.getByRole('meter', { name: /requests \/ 24 h/ }).count()).toBe(2);
    await page.getByRole('link', { name: 'Open Tight' }).click();
    await page.getByRole('heading', { name: 'Tight' }).waitFor();
  });

  it('shows each attempt, and what the answer used', async () => {
    await using broken = await startProvider();
    await using well = await startProvider();
    await publish(broken, 'two-tries', 'first one', 0);
    await publish(well, 'two-tries', 'second one', 1);
    broken.script(reply.status(401));
    well.script(reply.text('fine'));
    await ask(shared.gateway, shared.gateway.key, 'two-tries');
    const page = await open('/audit?model=two-tries');
    await dataRows(page).first().click();
    const attempts = page.getByRole('table', { name: 'Calls to providers' });
    await attempts.getByText('second one').waitFor();
    const texts = await attempts.getByRole('row').allInnerTexts();
    expect(texts.join('\n')).toMatch(
      /first one[\s\S]*401 refused its credential after[\s\S]*second one[\s\S]*200/,
    );
    await page.getByText('of it reasoning').waitFor();
  });

  it('can be used by everybody', async () => {
    const page = await openAll('&outcome=refused');
    await dataRows(page).first().click();
    await page.getByText('Why refused').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
  }, 60_000);
});

describe('an export', () => {
  it.each([
    ['CSV', 'csv'],
    ['JSON lines', 'jsonl'],
  ])('as %s holds every row that the filters leave', async (name, ending) => {
    const ada = studio.members.Ada;
    const { body } = await shared.gateway.admin('GET', `/requests?memberId=${ada}`);
    const total: number = body.pagination.total;
    const page = await openAll(`&memberId=${ada}`);
    await page.getByRole('button', { name: 'Export' }).click();
    const dialog = page.getByRole('dialog', { name: 'Export requests' });
    await dialog.getByText(name).click();
    const download = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Export' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toMatch(new RegExp(`^requests-.*\\.${ending}$`));
    const lines = (await readFile(await file.path(), 'utf8')).trimEnd().split('\n');
    expect(lines.length - (ending === 'csv' ? 1 : 0)).toBe(total);
    await dialog.getByText(`${total.toLocaleString('en-US')} requests saved`).waitFor();
    await dialog.getByRole('button', { name: 'Done' }).click();
  });

  it('can be cancelled while it runs', async () => {
    const page = await openAll();
    // Whoever reads a large log waits: here for ever.
    await page.route('**/admin/api/requests?*format=csv*', () => {});
    await page.getByRole('button', { name: 'Export' }).click();
    const dialog = page.getByRole('dialog', { name: 'Export requests' });
    await dialog.getByRole('button', { name: 'Export' }).click();
    await dialog.getByText(/^0 of/).waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.getByRole('button', { name: 'Export' }).waitFor();
    await dialog.getByText(/^0 of/).waitFor({ state: 'detached' });
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  });
});
