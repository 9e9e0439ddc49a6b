import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeNetwork, LAN, LAN_ADDRESS } from '../../sharing/fake-network.ts';
import { tempDir } from '../../store/support.ts';
import { launchChromium } from '../../support/chromium.ts';
import { freePort } from '../../support/free-port.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { certutil, trustingHome } from '../../support/trusting-home.ts';
import { until } from '../../support/until.ts';
import { seriousFindings } from '../support/accessibility.ts';
import { openPanel, type PanelPage } from '../support/browser.ts';
import { builtPanel } from '../support/built-panel.ts';

const PASSWORD = 'correct horse battery';
const RESOLVE = `--host-resolver-rules=MAP studio.local ${LAN_ADDRESS}`;

describe.skipIf(!LAN || certutil === undefined)('Sharing', () => {
  let gateway: TestGateway;
  let browser: Browser;
  let panel: PanelPage;
  let page: Page;
  let port: number;
  beforeAll(async () => {
    const network = new FakeNetwork({ lan0: [`${LAN_ADDRESS}/32`] });
    const passwordCost = { n: 1_024, r: 8, p: 1 };
    gateway = await startGateway({ panelDir: await builtPanel(), network: network.view, passwordCost });
    port = await freePort(LAN_ADDRESS);
    browser = await launchChromium();
    panel = await openPanel(browser, gateway);
    page = panel.page;
    page.setDefaultTimeout(10_000);
    await panel.go('/settings');
  }, 90_000);
  afterAll(async () => {
    await browser?.close();
    await gateway?.[Symbol.asyncDispose]();
  });

  const state = async () => (await gateway.admin('GET', '/sharing')).body;

  it('is turned on with a word on what follows, and tells the address, the fingerprint and what is missing', async () => {
    await page.getByText('Off: only this computer reaches the gateway.').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByRole('switch', { name: 'Share on your network' }).click({ force: true });
    // 127.0.0.2 is no private address: it has to be chosen.
    await page.getByText('Waits: this computer has none of the shared addresses now.').waitFor();
    await page.getByText('Every private address, port 7412').waitFor();
    const row = page.getByRole('region', { name: 'Sharing' });
    await row.getByRole('button', { name: 'Change…' }).click();
    const drawer = page.getByRole('dialog', { name: 'Where it is shared' });
    await drawer.getByLabel('Those chosen here').check();
    await drawer.getByLabel(LAN_ADDRESS).check();
    await drawer.getByLabel('Port for HTTPS').fill(String(port));
    await drawer.getByRole('button', { name: 'Save' }).click();
    await row.getByText(`https://${LAN_ADDRESS}:${port}`).first().waitFor();
    await row.getByText((await state()).authority.fingerprint).waitFor();

    await row.getByText(`Not certified: ${LAN_ADDRESS}.`).waitFor();
    await row.getByRole('button', { name: 'New authority…' }).click();
    await page.getByRole('button', { name: 'Make a new one' }).click();
    await row.getByText(`For studio.local, studio, ${LAN_ADDRESS}, until`).waitFor();
    expect((await state()).leftOut).toEqual([]);
    expect(await seriousFindings(page)).toEqual([]);
  });

  it('shows colleagues’ steps, and asks before it listens without encryption', async () => {
    await page.getByRole('button', { name: 'How to trust…' }).click();
    const drawer = page.getByRole('dialog', { name: 'How colleagues trust it' });
    await drawer.getByText('NODE_EXTRA_CA_CERTS').first().waitFor();
    const saved = page.waitForEvent('download');
    await drawer.getByRole('button', { name: 'Save the certificate' }).click();
    expect((await saved).suggestedFilename()).toBe('notokenlimit-ca.crt');
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('switch', { name: 'Plain HTTP' }).click({ force: true });
    await page.getByText('Whoever reads the network then reads keys').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect((await state()).plainHttp).toBe(false);
  });

  it('puts the panel on the network once there is a password', async () => {
    expect(await page.getByRole('switch', { name: 'Panel from other computers' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Set password…' }).click();
    const drawer = page.getByRole('dialog', { name: 'Sign-in from other computers' });
    await drawer.getByRole('textbox', { name: 'New password' }).fill('short');
    await drawer.getByRole('button', { name: 'Set password' }).click();
    await drawer.getByText('Take at least 12 characters').waitFor();
    await drawer.getByRole('textbox', { name: 'New password' }).fill(PASSWORD);
    await drawer.getByRole('button', { name: 'Set password' }).click();
    await drawer.getByText('Passkeys belong to a name').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('switch', { name: 'Panel from other computers' }).click({ force: true });
    await until('the panel on the network', async () => (await state()).panel);
    expect(panel.errors.filter((error) => !/status of 4\d\d/.test(error))).toEqual([]);
  });

  it('is refused by a browser that does not trust the authority', async () => {
    const other = await launchChromium({ args: [RESOLVE] });
    try {
      const there = await other.newPage();
      await expect(there.goto(`https://studio.local:${port}/panel/`)).rejects.toThrow(
        'ERR_CERT_AUTHORITY_INVALID',
      );
    } finally {
      await other.close();
    }
  });

  it('lets the owner in from a browser that does, by password and then by a passkey made there', async () => {
    const { certificate } = (await gateway.admin('GET', '/sharing/trust')).body;
    const other = await launchChromium({ args: [RESOLVE], home: trustingHome(tempDir(), certificate) });
    try {
      const there = await other.newPage();
      there.setDefaultTimeout(15_000);
      const cdp = await there.context().newCDPSession(there);
      await cdp.send('WebAuthn.enable');
      await cdp.send('WebAuthn.addVirtualAuthenticator', {
        options: {
          ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true },
          ...{ hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
        },
      });
      await there.goto(`https://studio.local:${port}/panel/#/settings`);
      await there.getByRole('heading', { name: 'The owner’s panel' }).waitFor();
      expect(await there.getByRole('button', { name: 'Sign in with a passkey' }).count()).toBe(0);
      expect(await seriousFindings(there)).toEqual([]);
      await there.getByRole('textbox', { name: 'Password' }).fill('not the password');
      await there.getByRole('button', { name: 'Sign in' }).click();
      await there.getByText('The password is wrong.').waitFor();
      await there.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
      await there.getByRole('button', { name: 'Sign in' }).click();
      await there.getByRole('button', { name: 'Sign-in…' }).click();
      await there.getByRole('textbox', { name: 'Name of a new passkey' }).fill('Laptop');
      await there.getByRole('button', { name: 'Add passkey…' }).click();
      await there.getByText('For studio.local, never used').waitFor();

      await there.evaluate(() => fetch('/admin/api/session', { method: 'DELETE' }));
      await there.reload();
      await there.getByRole('button', { name: 'Sign in with a passkey' }).click();
      await there.getByRole('navigation', { name: 'Panel' }).waitFor();
      const { body } = await gateway.admin('GET', '/sessions');
      const theirs = body.data.filter(({ way }: { way: string }) => way === 'passkey');
      expect(theirs).toMatchObject([{ address: expect.stringMatching(/^127\./) }]);
      const access = await gateway.admin('GET', '/sharing/access');
      expect(access.body.passkeys).toMatchObject([{ name: 'Laptop', host: 'studio.local' }]);
      expect(access.body.passkeys[0].lastUsedAt).not.toBeNull();

      // Whoever is signed in by a passkey that is taken away is signed out.
      await gateway.admin('DELETE', `/sharing/passkeys/${access.body.passkeys[0].id}`);
      await there.reload();
      await there.getByRole('heading', { name: 'The owner’s panel' }).waitFor();
    } finally {
      await other.close();
    }
  }, 90_000);
});
