import { expect, it } from 'vitest';
import { seriousFindings } from '../support/accessibility.ts';
import { sharedPanel } from '../support/shared-panel.ts';

const shared = sharedPanel();

it('an owner names a reverse proxy, and the header it writes', async () => {
  const page = await shared.open('/settings', { refusals: true });
  const row = page.getByText('None: the other end of a connection counts');
  await row.waitFor();
  await page.getByRole('button', { name: 'Add…' }).click();
  const drawer = page.getByRole('dialog', { name: 'Trusted proxies' });
  await drawer.getByLabel('Addresses').fill('10.0.0.1\nproxy.local');
  await drawer.getByRole('button', { name: 'Save' }).click();
  await drawer.getByText('“proxy.local” is none.').waitFor();
  await drawer.getByLabel('Addresses').fill('10.0.0.1\n2001:db8::/64');
  await drawer.getByRole('combobox', { name: 'Header' }).click();
  await page.getByRole('option', { name: 'Forwarded', exact: true }).click();
  expect(await seriousFindings(page)).toEqual([]);
  await drawer.getByRole('button', { name: 'Save' }).click();
  await page.getByText('10.0.0.1, 2001:db8::/64 may say in forwarded for whom they ask.').waitFor();
  expect((await shared.gateway.admin('GET', '/settings')).body).toMatchObject({
    trustedProxies: ['10.0.0.1', '2001:db8::/64'],
    trustedProxyHeader: 'forwarded',
  });
}, 60_000);
