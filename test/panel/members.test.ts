import { describe, expect, it } from 'vitest';
import { fakeBrowser } from '../doors/people/browser.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { until } from '../support/until.ts';
import { seriousFindings } from './support/accessibility.ts';
import { ask } from './support/ask.ts';
import { builtPanel } from './support/built-panel.ts';
import { openOwnPanel } from './support/own-panel.ts';
import { sharedPanel } from './support/shared-panel.ts';

const shared = sharedPanel();
const { open } = shared;

/** The member of that name, as the gateway has it. */
async function memberNamed(name: string) {
  const { body } = await shared.gateway.admin('GET', '/members?pageSize=10000');
  return body.data.find((member: { name: string }) => member.name === name);
}

describe('whoever is alone', () => {
  it('is told why to add others, and adds a tool with all it needs', async () => {
    const page = await open('/members');
    await page.getByRole('heading', { name: 'Only you so far' }).waitFor();
    await page.getByRole('button', { name: 'Add tool' }).click();
    const drawer = page.getByRole('dialog', { name: 'Add tool' });
    await drawer.getByLabel('Name', { exact: true }).fill('build agent');
    await drawer.getByText('None chosen: every request is refused.').waitFor();
    await drawer.getByLabel('ntl/echo', { exact: true }).check();
    await drawer.getByLabel('Budget a day').fill('0');
    await drawer.getByRole('textbox', { name: 'From' }).fill('127.0.0.1');
    await drawer.getByRole('button', { name: 'Add tool' }).click();

    const dialog = page.getByRole('dialog', { name: 'build agent’s key “first key” is ready' });
    const key = (await dialog.getByRole('status').first().textContent()) ?? '';
    await dialog.getByRole('button', { name: 'Close without copying' }).click();
    await page.getByRole('row', { name: /build agent From 127\.0\.0\.1/ }).waitFor();
    // The echo costs nothing, so that a budget of nothing lets it through; the allow-list is what refuses.
    expect((await ask(shared.gateway, key)).status).toBe(200);
    await shared.gateway.admin('PATCH', '/models/quota%2Ffast', { aliasOf: 'ntl/echo' });
    expect((await ask(shared.gateway, key, 'quota/fast')).status).toBe(200);
    expect((await memberNamed('build agent')).allowedIps).toEqual(['127.0.0.1']);
    const { body } = await shared.gateway.admin('GET', '/limits?scope=member');
    expect(body.data).toMatchObject([{ metric: 'cost', windowSeconds: 86_400, amount: 0 }]);
  });
});

describe('the add drawer', () => {
  it('keeps what was typed and shows a refusal at its field', async () => {
    const page = await open('/members', { refusals: true });
    await page.getByRole('button', { name: 'Add member' }).click();
    const drawer = page.getByRole('dialog', { name: /^Add/ });
    await drawer.getByText('Tool', { exact: true }).click();
    await drawer.getByLabel('Name', { exact: true }).fill('scout');
    await drawer.getByRole('textbox', { name: 'From' }).fill('10.0.0.0/8\nthe office');
    await drawer.getByRole('button', { name: 'Add tool' }).click();
    await drawer.getByText('“the office” is none. Write an address').waitFor();
    expect(await drawer.getByLabel('Name', { exact: true }).inputValue()).toBe('scout');
    expect(await memberNamed('scout')).toBeUndefined();
    await drawer.getByRole('button', { name: 'Cancel' }).click();
    await page
      .getByRole('dialog', { name: 'Close without saving?' })
      .getByRole('button', { name: 'Cancel' })
      .click();
    await drawer.getByRole('textbox', { name: 'From' }).fill('10.0.0.0/8');
    await drawer.getByLabel('Make its first key').uncheck();
    await drawer.getByRole('button', { name: 'Add tool' }).click();
    await drawer.waitFor({ state: 'detached' });
    expect(await memberNamed('scout')).toMatchObject({
      allowedModels: [],
      allowedIps: ['10.0.0.0/8'],
      keys: 0,
    });
  });
});

describe('somebody who asks to join', () => {
  it('is let in on the terms the owner chooses', async () => {
    const sol = await shared.gateway.member({ name: 'Sol', status: 'pending' });
    expect(await ask(shared.gateway, sol.key)).toEqual({ status: 403, code: 'access_disabled' });
    const page = await open('/members');
    await page.getByRole('table').getByText('Sol').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Approve Sol' }).click();
    const drawer = page.getByRole('dialog', { name: 'Approve Sol' });
    await drawer.getByLabel('Plan').click();
    await page.getByRole('option', { name: 'Free' }).click();
    await drawer.getByText('60 requests / 60 s.').waitFor();
    await drawer.getByText('Chosen ones').click();
    await drawer.getByLabel('ntl/echo', { exact: true }).check();
    await drawer.getByRole('button', { name: 'Approve', exact: true }).click();
    await page.getByRole('row', { name: /Sol.*Active.*Free/ }).waitFor();
    await page.getByRole('button', { name: 'Approve Sol' }).waitFor({ state: 'detached' });
    expect((await ask(shared.gateway, sol.key)).status).toBe(200);
    expect((await memberNamed('Sol')).allowedModels).toEqual(['ntl/echo']);
  });

  it('is declined, and the key made for them never works', async () => {
    const { key } = await shared.gateway.member({ name: 'Eve', status: 'pending' });
    const page = await open('/members');
    await page.getByRole('button', { name: 'Decline Eve' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Decline' }).click();
    await page.getByRole('button', { name: 'Decline Eve' }).waitFor({ state: 'detached' });
    expect(await ask(shared.gateway, key)).toEqual({ status: 401, code: 'key_revoked' });
    expect(await memberNamed('Eve')).toBeUndefined();
  });
});

describe('somebody who asks by the page /join', () => {
  it('is shown as they ask, let in from a link, with a limit and an expiry', async () => {
    const page = await open('/members');
    await page.getByLabel('Joining').press('Space');
    await page.getByText(`${shared.gateway.url}/join`).waitFor();
    const browser = fakeBrowser(shared.gateway);
    await browser.ask('POST', '/join', { name: 'Uma', purpose: 'For Cline on my laptop.' });
    await page.getByText('Uma asks to join: For Cline on my laptop.').waitFor();
    const { id } = await memberNamed('Uma');
    await shared.panel.go(`/members?approve=${id}`);
    const drawer = page.getByRole('dialog', { name: 'Approve Uma' });
    await drawer.getByText('127.0.0.1').waitFor();
    await drawer.getByRole('button', { name: 'Add limit' }).click();
    await drawer.getByLabel('Amount').fill('2 M');
    await drawer.getByText('30 days').click();
    expect(await seriousFindings(page, '[role="dialog"]')).toEqual([]);
    await drawer.getByRole('button', { name: 'Approve', exact: true }).click();
    await page.getByRole('row', { name: /Uma.*Active/ }).waitFor();
    await page.waitForURL(/#\/members$/);
    expect((await browser.ask('POST', '/join/key')).status).toBe(201);
    const limits = (await shared.gateway.admin('GET', `/limits?subjectId=${id}`)).body.data;
    expect(limits).toMatchObject([{ metric: 'tokens', windowSeconds: 86_400, amount: 2_000_000 }]);
    const [key] = (await shared.gateway.admin('GET', `/keys?memberId=${id}`)).body.data;
    expect(Date.parse(key.expiresAt) - Date.now()).toBeGreaterThan(29 * 86_400_000);
  });

  it('is turned away with a word', async () => {
    const page = await open('/members');
    const browser = fakeBrowser(shared.gateway);
    await browser.ask('POST', '/join', { name: 'Xan' });
    await page.getByRole('button', { name: 'Decline Xan' }).click();
    const dialog = page.getByRole('dialog', { name: 'Decline Xan?' });
    await dialog.getByLabel('A word for the page').fill('Ask me on Monday.');
    await page.keyboard.press('Enter');
    await page.getByText('Xan asks to join').waitFor({ state: 'detached' });
    expect((await browser.ask('GET', '/join/state')).body.request).toMatchObject({
      ...{ state: 'refused', words: 'Ask me on Monday.' },
    });
  });
});

/** Each tenth is suspended. */
function add(gateway: TestGateway, index: number) {
  const status = index % 10 === 0 ? 'suspended' : 'active';
  return gateway.admin('POST', '/members', { name: `Member ${index}`, planId: 'free', status });
}

describe('the list of members', () => {
  it('says what each sent today and which limit is tightest, as it happens', async () => {
    const { id, key } = await shared.gateway.member({ name: 'Ada', email: 'ada@studio.example' });
    const limit = { scope: 'member', subjectId: id, metric: 'requests', windowSeconds: 86_400 };
    await shared.gateway.admin('PUT', '/limits', { ...limit, amount: 2 });
    const page = await open('/members');
    await page
      .getByRole('row', { name: /Ada ada@studio\.example Active Pro 1 never 0 0 \$0\.00 None close/ })
      .waitFor();
    await ask(shared.gateway, key);
    await page.getByRole('row', { name: /now 1 .*requests \/ 24 h 50 %/ }).waitFor();
    await ask(shared.gateway, key);
    const meter = page.getByRole('row', { name: /Ada/ }).getByRole('meter');
    await until('the limit to be used up', async () => (await meter.getAttribute('aria-valuenow')) === '100');
    // Lifting it elsewhere shows here as well.
    await shared.gateway.admin('DELETE', '/limits', limit);
    await page.getByRole('row', { name: /Ada.*None close/ }).waitFor();
  });

  it('finds one of a thousand, and keeps no more in the page than can be seen', async () => {
    await using gateway = await startGateway({ panelDir: await builtPanel() });
    for (let start = 0; start < 1_000; start += 50) {
      const made = Array.from({ length: 50 }, (_, index) => add(gateway, start + index));
      await Promise.all(made);
    }
    await using panel = await openOwnPanel(shared.browser, gateway);
    const { page, go } = panel;
    await go('/members');
    await page.getByText('1,001 members', { exact: true }).waitFor();
    const rows = page.locator('tr[data-row]');
    expect(await rows.count()).toBeLessThan(60);
    await page.keyboard.press('/');
    await page.keyboard.type('Member 99');
    await page.getByText('11 of 1,001 members', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Status' }).click();
    await page.getByRole('option', { name: 'Suspended' }).click();
    await page.getByText('1 of 1,001 members', { exact: true }).waitFor();
    await until('one row alone', async () => (await rows.count()) === 1);
    await page.goBack();
    await page.getByText('11 of 1,001 members', { exact: true }).waitFor();
    await rows.filter({ hasText: 'Member 997' }).press('Enter');
    await page.getByRole('heading', { name: /Member 997/ }).waitFor();
  }, 60_000);
});
