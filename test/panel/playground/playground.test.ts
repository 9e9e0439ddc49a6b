import type { Browser } from 'playwright';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { launchChromium } from '../../support/chromium.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { type Provider, startProvider } from '../../support/provider/provider.ts';
import { reply } from '../../support/provider/reply.ts';
import { until } from '../../support/until.ts';
import { seriousFindings } from '../support/accessibility.ts';
import { openPanel, type PanelPage } from '../support/browser.ts';
import { builtPanel } from '../support/built-panel.ts';

let browser: Browser;
let gateway: TestGateway;
let provider: Provider;

beforeAll(async () => {
  browser = await launchChromium();
  provider = await startProvider();
  gateway = await startGateway({ panelDir: await builtPanel() });
  await gateway.publish(provider, ['gpt-4o']);
}, 90_000);

afterAll(async () => {
  await browser.close();
  await gateway[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});

async function open(query = '?model=gpt-4o', scheme: 'light' | 'dark' = 'light'): Promise<PanelPage> {
  const panel = await openPanel(browser, gateway, { scheme });
  onTestFinished(async () => {
    await panel.context.close();
    expect(panel.errors).toEqual([]);
  });
  await panel.go(`/playground${query}`);
  return panel;
}

async function say({ page }: PanelPage, text: string): Promise<void> {
  await page.getByLabel('Message').fill(text);
  await page.keyboard.press('Enter');
}

describe('an answer', () => {
  it('streams, with what it took under it, and is told again with the next question', async () => {
    const panel = await open();
    const { page } = panel;
    await page.getByRole('button', { name: 'System prompt' }).click();
    await page.getByLabel('System prompt', { exact: true }).last().fill('Be brief.');

    provider.script(reply.gated(reply.text(['Hel', 'lo\n  there'], { usage: { input: 12, output: 5 } })));
    await page.getByLabel('Message').fill('Good');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('morning');
    await page.keyboard.press('Enter');
    const first = await provider.nextRequest();
    expect(first.json).toMatchObject({
      model: 'gpt-4o',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Good\nmorning' },
      ],
    });
    await page.getByRole('button', { name: 'Stop' }).waitFor();
    first.releaseAll();
    await page.getByText('12 tokens').waitFor();
    await page.getByText('5 tokens').waitFor();
    await page.getByText('First token').waitFor();
    expect(await page.getByRole('article').innerText()).toContain('Hello\n  there');

    provider.script(reply.text('Yes.'));
    await say(panel, 'Still there?');
    const second = await provider.nextRequest();
    expect(second.json).toMatchObject({
      messages: [
        { role: 'system' },
        { role: 'user', content: 'Good\nmorning' },
        { role: 'assistant', content: 'Hello\n  there' },
        { role: 'user', content: 'Still there?' },
      ],
    });
    await page.getByText('Yes.').waitFor();

    const [row] = await gateway.rows();
    expect(row).toMatchObject({ tool: 'playground', status: 200, model: 'gpt-4o' });
    await page.getByRole('button', { name: 'New conversation' }).click();
    await page.getByText('Nothing was asked yet').waitFor();
  });

  it('can be stopped: the provider hears no more, and what came stays with its figures', async () => {
    const panel = await open();
    const { page } = panel;
    provider.script(reply.gated(reply.text(['One ', 'two ', 'three'])));
    await say(panel, 'Count.');
    const request = await provider.nextRequest();
    await request.release();
    await request.release();
    await page.getByText('One').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('Stopped').waitFor();
    const row = await until('the audit row', async () => (await gateway.rows('&code=client_closed'))[0]);
    expect(row).toMatchObject({ tool: 'playground', status: 499 });
    await page.getByText('estimated').waitFor();
    expect(await page.getByRole('article').innerText()).toContain('One');
  });

  it('that is refused says why in its place, and what to do', async () => {
    const member = await gateway.member({ name: 'Lea', allowedModels: ['ntl/echo'] });
    const panel = await open(`?model=gpt-4o&keyId=${member.keyId}`);
    const { page } = panel;
    await say(panel, 'Hello?');
    const refusal = page.getByRole('alert');
    await refusal.getByText('model_not_allowed').waitFor();
    expect(await refusal.innerText()).toContain('Lea may not use the model "gpt-4o".');
    await refusal.getByRole('link', { name: 'Change what the member may use' }).waitFor();

    await gateway.admin('PATCH', `/members/${member.id}`, { allowedModels: null });
    provider.script(reply.text('Now I may.'));
    await refusal.getByRole('button', { name: 'Ask again' }).click();
    await page.getByText('Now I may.').waitFor();
    expect(await page.getByRole('article').count()).toBe(1);
  });
});

describe('for everybody', () => {
  it.each(['light', 'dark'] as const)('there is no serious accessibility finding, %s', async (scheme) => {
    const panel = await open('?model=ntl/echo', scheme);
    await say(panel, 'Hello');
    await panel.page.getByRole('link', { name: 'Audit row' }).waitFor();
    expect(await seriousFindings(panel.page)).toEqual([]);
  });
});
