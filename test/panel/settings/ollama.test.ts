import { expect, it } from 'vitest';
import { freePort } from '../../support/free-port.ts';
import { seriousFindings } from '../support/accessibility.ts';
import { sharedPanel } from '../support/shared-panel.ts';

const shared = sharedPanel();

it('an owner turns Ollama’s API on, gives it a port of its own, and says whose key counts', async () => {
  const { keyId } = await shared.gateway.member({ name: 'Mia' }, { name: 'Laptop' });
  const page = await shared.open('/settings', { refusals: true });
  const settings = async () => (await shared.gateway.admin('GET', '/settings')).body;
  await page.getByRole('switch', { name: 'Ollama’s API' }).click({ force: true });
  await page.getByText(`On this computer, at ${shared.gateway.url}`).waitFor();
  const key = page.getByRole('combobox', { name: 'Key of requests without one' });
  await page.waitForFunction(() => {
    const inputs = [...document.querySelectorAll('input')];
    return inputs.some(({ value }) => value.startsWith('Ollama tools, Owner (ntl_live_'));
  });
  const { portInUse } = await settings();
  const port = page.getByRole('textbox', { name: 'Ollama’s own port' });
  expect(await port.inputValue()).toBe('11434');
  await port.fill(String(portInUse));
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await page.getByText('The gateway itself listens there').waitFor();
  const free = await freePort();
  await port.fill(String(free));
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await page.getByText(`All APIs answer at http://127.0.0.1:${free}`).waitFor();
  expect((await fetch(`http://127.0.0.1:${free}/v1/models`)).status).toBe(200);
  await key.click();
  await page.getByRole('option', { name: /^Laptop, Mia/ }).click();
  await expect.poll(async () => (await settings()).ollamaKeyId).toBe(keyId);
  expect(await seriousFindings(page)).toEqual([]);
  await shared.gateway.admin('DELETE', `/keys/${keyId}`);
  await page.getByText('The key was revoked or has expired').waitFor();
  await key.click();
  await page.getByRole('option', { name: 'Are refused' }).click();
  await expect.poll(async () => (await settings()).ollamaKeyId).toBeNull();
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await page.getByText('For tools that look at 11434 alone.').waitFor();
  expect(await settings()).toMatchObject({ ollama: true, ollamaPort: null, ollamaUrl: null });
}, 60_000);
