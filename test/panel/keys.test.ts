import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { startGateway } from '../support/gateway.ts';
import { until } from '../support/until.ts';
import { ask } from './support/ask.ts';
import { builtPanel } from './support/built-panel.ts';
import { copiedBy } from './support/clipboard.ts';
import { makeHistory } from './support/history.ts';
import { openOwnPanel } from './support/own-panel.ts';
import { sharedPanel } from './support/shared-panel.ts';
import { furnish } from './support/studio.ts';

const shared = sharedPanel();
const { open } = shared;

/** As the new key dialog shows it. */
async function shownKey(page: Page): Promise<string> {
  const text = await page.getByRole('dialog').getByRole('status').first().textContent();
  return text ?? '';
}

describe('a new key', () => {
  it('is shown once, works at once, and ends when it was told to', async () => {
    const member = await shared.gateway.member({ name: 'Noor' });
    const page = await open('/keys');
    await page.getByRole('button', { name: 'New key' }).click();
    const drawer = page.getByRole('dialog', { name: 'New key' });
    await drawer.getByRole('button', { name: 'Make key' }).click();
    await drawer.getByText('A name is missing.').waitFor();
    await drawer.getByLabel('Member').click();
    await page.getByRole('option', { name: 'Noor' }).click();
    await drawer.getByLabel('Name').fill('windows box');
    await drawer.getByText('90 days').click();
    await drawer.getByRole('button', { name: 'Make key' }).click();

    const dialog = page.getByRole('dialog', { name: 'Noor’s key “windows box” is ready' });
    await dialog.waitFor();
    const key = await shownKey(page);
    expect(await ask(shared.gateway, key)).toEqual({ status: 200, code: undefined });
    expect(await copiedBy(dialog.getByRole('button', { name: 'Copy key' }))).toBe(key);
    await dialog.getByRole('button', { name: 'Done' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await page.content()).not.toContain(key);

    const { body } = await shared.gateway.admin('GET', `/keys?memberId=${member.id}`);
    const made = body.data.find(({ name }: { name: string }) => name === 'windows box');
    expect((Date.parse(made.expiresAt) - Date.now()) / 86_400_000).toBeCloseTo(90, 1);
  });

  it('of kind subscription works on tool routes alone', async () => {
    const page = await open('/keys?new=1');
    await page.getByLabel('Name').fill('tools only');
    await page.getByLabel('subscription').check();
    await page.getByRole('button', { name: 'Make key' }).click();
    const key = await shownKey(page);
    expect(await ask(shared.gateway, key)).toMatchObject({ status: 403, code: 'route_not_allowed' });
  });
});

describe('a key', () => {
  it('that is revoked gets 401 from the next request on', async () => {
    const { key } = await shared.gateway.member({ name: 'Mika' }, { name: 'to go' });
    expect((await ask(shared.gateway, key)).status).toBe(200);
    const page = await open('/keys');
    await page.getByRole('button', { name: 'Actions for to go' }).click();
    await page.getByRole('menuitem', { name: 'Revoke…' }).click();
    const question = page.getByRole('dialog', { name: 'Revoke Mika’s key “to go”?' });
    await question.getByText('401 key_revoked').waitFor();
    await question.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('row', { name: /to go.*Revoked/ }).waitFor();
    expect(await ask(shared.gateway, key)).toEqual({ status: 401, code: 'key_revoked' });
  });

  it('stays when the question is answered with no', async () => {
    const { key } = await shared.gateway.member({ name: 'Mika' }, { name: 'to stay' });
    const page = await open('/keys');
    await page.getByRole('row', { name: /to stay/ }).click();
    await page.getByRole('button', { name: 'Revoke…' }).click();
    await page
      .getByRole('dialog', { name: /^Revoke/ })
      .getByRole('button', { name: 'Cancel' })
      .click();
    expect((await ask(shared.gateway, key)).status).toBe(200);
  });

  it('has limits of its own, beside its member’s', async () => {
    const { id, key, keyId } = await shared.gateway.member({ name: 'Jun' }, { name: 'limited' });
    const other = await shared.gateway.admin('POST', '/keys', { memberId: id, name: 'free of it' });
    const page = await open(`/keys?key=${keyId}`);
    const drawer = page.getByRole('dialog', { name: 'Key “limited”' });
    await drawer.getByRole('button', { name: 'Add limit' }).click();
    const line = drawer.getByRole('group', { name: 'Limit 1' });
    await line.getByLabel('Of', { exact: true }).click();
    await page.getByRole('option', { name: 'requests' }).click();
    await drawer.getByRole('button', { name: 'Save limits' }).click();
    await drawer.getByText('How much is missing.').waitFor();
    await line.getByLabel('Amount').fill('1');
    await drawer.getByRole('button', { name: 'Save limits' }).click();
    await drawer.waitFor({ state: 'detached' });

    expect((await ask(shared.gateway, key)).status).toBe(200);
    expect(await ask(shared.gateway, key)).toEqual({ status: 429, code: 'quota_day' });
    expect((await ask(shared.gateway, other.body.key)).status).toBe(200);
    // The same drawer says how it stands, and takes the limit off again.
    await page.getByRole('row', { name: /limited/ }).click();
    await drawer.getByRole('meter', { name: 'Used of requests / 24 h' }).waitFor();
    await drawer.getByRole('button', { name: 'Take limit 1 off' }).click();
    await drawer.getByRole('button', { name: 'Save limits' }).click();
    await drawer.waitFor({ state: 'detached' });
    expect((await ask(shared.gateway, key)).status).toBe(200);
  });

  it('shows its use as it happens', async () => {
    const { key } = await shared.gateway.member({ name: 'Sol' }, { name: 'seen live' });
    const page = await open('/keys');
    await page.getByRole('row', { name: /seen live.*never/ }).waitFor();
    await ask(shared.gateway, key);
    await page.getByRole('row', { name: /seen live.*now.*127\.0\.0\.1/ }).waitFor();
  });
});

describe('the list of keys', () => {
  it('filters, says what ends soon and what is new, and is found by links', async () => {
    await using studio = await startGateway({ panelDir: await builtPanel() });
    const made = await furnish(studio);
    const soon = new Date(Date.now() + 11.5 * 86_400_000).toISOString();
    await studio.admin('POST', '/keys', {
      memberId: made.members.Mika,
      name: 'brief',
      kind: 'subscription',
      expiresAt: soon,
    });
    await makeHistory(studio, made, { rows: 300, days: 2 });
    await using panel = await openOwnPanel(shared.browser, studio);
    const { page, go } = panel;
    await go(`/keys?memberId=${made.members.Mika}`);
    const names = async () => (await page.locator('tbody tr td:first-child').allTextContents()).sort();
    await expect.poll(names).toEqual(['brief', 'codex', 'main']);
    await page.getByText(/, in 11 d/).waitFor();
    await page.getByRole('button', { name: 'Kind' }).click();
    await page.getByRole('option', { name: 'subscription' }).click();
    await until('the filter to hold', async () => (await names()).join() === 'brief');
    await page.goBack();
    await until('the filter to be undone', async () => (await names()).length === 3);
    await go('/keys?find=zzz');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByRole('row', { name: /pull requests/ }).waitFor();
  });
});
