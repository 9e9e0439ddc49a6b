import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { recorder } from '../../providers/upstream-setup.ts';
import { until } from '../../support/until.ts';
import { seriousFindings } from '../support/accessibility.ts';
import { ask } from '../support/ask.ts';
import { openPanel } from '../support/browser.ts';
import { makeHistory } from '../support/history.ts';
import { sharedPanel } from '../support/shared-panel.ts';
import { furnish, type Studio } from '../support/studio.ts';

let studio: Studio;
const shared = sharedPanel(async (gateway) => {
  studio = await furnish(gateway);
  await makeHistory(gateway, studio, { rows: 300, days: 2 });
});
const { open } = shared;

const alert = (page: Page, title: string | RegExp) =>
  page.getByRole('region', { name: 'Alerts' }).getByRole('listitem').filter({ hasText: title });
const blocks = async () => (await shared.gateway.admin('GET', '/ip-blocks')).body.data;
const unseen = async () => (await shared.gateway.admin('GET', '/alerts?unseen=true')).body.pagination.total;

describe('an alert', () => {
  it('is settled by saying that it is fine, and can be looked up again', async () => {
    const before = await unseen();
    const page = await open('/security');
    await alert(page, 'A provider keeps failing').getByRole('button', { name: 'Seen' }).click();
    await alert(page, 'A provider keeps failing').waitFor({ state: 'detached' });
    expect(await unseen()).toBe(before - 1);
    await page.getByRole('button', { name: 'Show settled' }).click();
    await alert(page, 'A provider keeps failing').getByText('Settled').waitFor();
    await alert(page, 'A provider keeps failing')
      .getByRole('button', { name: /^Actions/ })
      .click();
    await page.getByRole('menuitem', { name: 'Take the answer back' }).click();
    await alert(page, 'A provider keeps failing').getByRole('button', { name: 'Seen' }).waitFor();
    expect(await unseen()).toBe(before);
    await alert(page, 'A provider keeps failing')
      .getByRole('button', { name: /^Actions/ })
      .click();
    await page.getByRole('menuitem', { name: 'Delete this alert' }).click();
    await alert(page, 'A provider keeps failing').waitFor({ state: 'detached' });
    expect(await unseen()).toBe(before - 1);
  });

  it('about wrong keys can block the address for good', async () => {
    const page = await open('/security');
    const row = alert(page, '192.168.1.203 tried many wrong keys');
    await row.getByText('It is not blocked now.').waitFor();
    await row.getByRole('button', { name: 'Block for good…' }).click();
    const question = page.getByRole('dialog', { name: 'Block 192.168.1.203 for good?' });
    await question.getByText('403 ip_blocked').waitFor();
    await question.getByRole('button', { name: 'Block' }).click();
    await row.waitFor({ state: 'detached' });
    expect(await blocks()).toContainEqual(
      expect.objectContaining({ cidr: '192.168.1.203', expiresAt: null, reason: 'Many wrong API keys' }),
    );
    await page.getByRole('row', { name: /192\.168\.1\.203.*you lift it/ }).waitFor();
  });

  it('about a key can suspend its member, or revoke it', async () => {
    const mika = studio.members.Mika;
    const page = await open('/security');
    const row = alert(page, 'Mika’s key “main” on a new address');
    await row.getByRole('button', { name: /^Actions/ }).click();
    await page.getByRole('menuitem', { name: 'Suspend Mika…' }).click();
    await page.getByRole('dialog', { name: 'Suspend Mika?' }).getByRole('button', { name: 'Cancel' }).click();
    expect((await shared.gateway.admin('GET', `/members/${mika}`)).body.status).toBe('active');
    await row.getByRole('button', { name: 'Revoke key…' }).click();
    const question = page.getByRole('dialog', { name: 'Revoke Mika’s key “main”?' });
    await question.getByText('401 key_revoked').waitFor();
    await question.getByRole('button', { name: 'Revoke' }).click();
    await row.waitFor({ state: 'detached' });
    const { body } = await shared.gateway.admin('GET', `/keys?memberId=${mika}`);
    expect(body.data.find(({ name }: { name: string }) => name === 'main').revokedAt).not.toBeNull();
    await page.getByText('Nothing needs a look').waitFor();
  });

  it('shows as it comes; a program on this computer is never offered to be blocked', async () => {
    const page = await open('/security');
    for (let count = 0; count < 20; count += 1) await ask(shared.gateway, `ntl_live_${'x'.repeat(40)}`);
    const row = alert(page, 'A program on this computer tries wrong keys');
    await row.getByRole('button', { name: 'It is fine' }).waitFor();
    await row.getByRole('button', { name: /Block/ }).waitFor({ state: 'detached' });
    await row.getByRole('link', { name: 'See requests' }).click();
    await page.locator('tr[data-row]').filter({ hasText: 'invalid_key' }).first().waitFor();
  });
});

describe('the webhook', () => {
  it('is set, shows its secret once, is tried, and taken away', async () => {
    const receiver = await recorder();
    const page = await open('/security', { refusals: true });
    await page.getByRole('button', { name: 'Webhook…' }).click();
    const drawer = page.getByRole('dialog', { name: 'Webhook for alerts' });
    await drawer.getByLabel('Address').fill('http://hooks.example.com');
    await drawer.getByRole('button', { name: 'Save' }).click();
    await drawer.getByText('The address must begin with https://').waitFor();
    await drawer.getByLabel('Address').fill(`${receiver.origin}/alerts`);
    await drawer.getByRole('button', { name: 'Save' }).click();
    const once = page.getByRole('dialog', { name: 'The signing secret of the webhook' });
    await once.getByText(/^whsec_/).waitFor();
    await once.getByRole('button', { name: 'Copy secret' }).click();
    await once.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Webhook…' }).click();
    await drawer.getByRole('button', { name: 'Send a test' }).click();
    await drawer.getByText(/^It was taken \(200\)\./).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    expect(JSON.parse(receiver.seen[0]?.body ?? '').type).toBe('alert.test');
    await drawer.getByRole('button', { name: 'Send nowhere' }).click();
    await drawer.waitFor({ state: 'detached' });
    expect((await shared.gateway.admin('GET', '/alert-webhook')).body.url).toBeNull();
  }, 30_000);
});

describe('the block list', () => {
  it('takes a range with a reason and an end, and lifts it again when it is sure', async () => {
    const page = await open('/security');
    await page.keyboard.press('n');
    const drawer = page.getByRole('dialog', { name: 'Block an address' });
    await drawer.getByLabel('Address or range').fill('nonsense');
    await drawer.getByRole('button', { name: 'Block', exact: true }).click();
    await drawer.getByText('Write an address, or a range').waitFor();
    await drawer.getByLabel('Address or range').fill('198.51.100.0/24');
    await drawer.getByText('256 addresses.').waitFor();
    await drawer.getByLabel('Why').fill('Guest Wi-Fi');
    await drawer.getByLabel('Until').click();
    await page.getByRole('option', { name: 'In 24 hours' }).click();
    await drawer.getByRole('button', { name: 'Block', exact: true }).click();
    await drawer.waitFor({ state: 'detached' });
    const block = (await blocks()).find(({ cidr }: { cidr: string }) => cidr === '198.51.100.0/24');
    expect(block.reason).toBe('Guest Wi-Fi');
    expect((Date.parse(block.expiresAt) - Date.now()) / 3_600_000).toBeCloseTo(24, 1);

    await page.getByRole('button', { name: 'Lift the block of 198.51.100.0/24' }).click();
    await page
      .getByRole('dialog', { name: /198\.51\.100\.0\/24/ })
      .getByRole('button', { name: 'Lift block' })
      .click();
    await until('the block to go', async () =>
      (await blocks()).every(({ id }: { id: string }) => id !== block.id),
    );
  });

  it('is filled in by everybody', async () => {
    const page = await open('/security?block=10.0.0.0/8');
    await page.getByRole('dialog', { name: 'Block an address' }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
  }, 60_000);

  it('warns before this computer is blocked, and holds from the next request on', async () => {
    const page = await open('/security?block=127.0.0.1');
    const drawer = page.getByRole('dialog', { name: 'Block an address' });
    await drawer.getByText('This computer is in there').waitFor();
    await drawer.getByRole('button', { name: 'Block', exact: true }).click();
    await drawer.waitFor({ state: 'detached' });
    expect(await ask(shared.gateway, shared.gateway.key)).toEqual({ status: 403, code: 'ip_blocked' });
    await page.getByRole('button', { name: 'Lift the block of 127.0.0.1' }).click();
    await page.getByRole('button', { name: 'Lift block' }).click();
    await until(
      'the block to go',
      async () => (await ask(shared.gateway, shared.gateway.key)).status === 200,
    );
  });

  it('keeps what was typed where the gateway refuses it', async () => {
    const page = await open('/security?block=new', { refusals: true });
    const drawer = page.getByRole('dialog', { name: 'Block an address' });
    await drawer.getByLabel('Address or range').fill('198.51.100.7');
    await drawer.getByLabel('Until').click();
    await page.getByRole('option', { name: 'At a moment of my own' }).click();
    await drawer.getByLabel('Ends at').fill('2020-01-01T12:00');
    await drawer.getByRole('button', { name: 'Block', exact: true }).click();
    await drawer.getByText('must lie in the future').waitFor();
    expect(await drawer.getByLabel('Address or range').inputValue()).toBe('198.51.100.7');
  });
});

describe('what was changed', () => {
  it('is told in words, at once and page by page', async () => {
    const page = await open('/security');
    const changes = page.getByRole('table', { name: 'Changes' });
    await shared.gateway.admin('PATCH', `/members/${studio.members.Jun}`, { planId: 'enterprise' });
    await changes.getByRole('row', { name: /Plan\s+Jun\s+free.*enterprise/ }).waitFor();
    await page.getByRole('link', { name: 'All changes' }).click();
    await page.getByRole('heading', { name: 'Changes' }).waitFor();
    await changes.getByRole('row', { name: /You, by a script\s+Plan\s+Jun/ }).waitFor();
    for (let count = 0; count < 15; count += 1)
      await shared.gateway.admin('PATCH', '/models/gpt-5.1', { multiplier: 2 + count });
    const { body } = await shared.gateway.admin('GET', '/changes?pageSize=1');
    expect(body.pagination.total).toBeGreaterThan(50);
    await page.getByRole('button', { name: 'Older' }).click();
    await page.getByText(`51 to ${body.pagination.total} of ${body.pagination.total}`).waitFor();
    await changes.getByRole('row', { name: /Provider added\s+Anthropic/ }).waitFor();
  });
});

describe('the browsers that are signed in', () => {
  it('can be signed out one by one, and lose the panel at once', async () => {
    const context = shared.panel.context.browser();
    if (context === null) throw new Error('no browser');
    const other = await openPanel(context, shared.gateway);
    const page = await open('/security');
    await page.getByRole('button', { name: '2 browser sessions' }).click();
    const drawer = page.getByRole('dialog', { name: 'Signed in to this panel' });
    await drawer.getByText('This browser').waitFor();
    await drawer.getByRole('button', { name: /^Sign out Chrome/ }).click();
    await drawer.getByRole('button', { name: /^Sign out/ }).waitFor({ state: 'detached' });
    const refused = await other.page.evaluate(async () => (await fetch('/admin/api/status')).status);
    expect(refused).toBe(401);
    await other.context.close();
  });
});
