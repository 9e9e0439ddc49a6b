import type { Page } from 'playwright';
import { afterAll, describe, expect, it } from 'vitest';
import { type Provider, startProvider } from '../support/provider/provider.ts';
import { seriousFindings } from './support/accessibility.ts';
import { copiedBy } from './support/clipboard.ts';
import { type ShownAs, sharedPanel } from './support/shared-panel.ts';

const ROUTES = '/models?tab=routes';

let service: Provider;

const shared = sharedPanel(async (gateway) => {
  service = await startProvider({ models: ['one'] });
  await gateway.publish(service, ['one'], { name: 'Service' });
});

afterAll(() => service.close());

function open(path = ROUTES, options: ShownAs = {}): Promise<Page> {
  return shared.open(path, options);
}

async function save(page: Page, button = 'Save'): Promise<void> {
  await page.getByRole('dialog').getByRole('button', { name: button }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

/** What the provider is asked when a tool asks on its route. */
async function asked(route: string, model = 'one') {
  const body = { model, messages: [{ role: 'user', content: 'hello' }] };
  const { status } = await shared.gateway.post(`/${route}/v1/chat/completions`, body);
  // biome-ignore lint/suspicious/noExplicitAny: looked into field by field
  return { status, json: service.requests.at(-1)?.json as any };
}

describe('a tool’s route', () => {
  it('changes nothing until something is set, then gives prompt, model and parameters', async () => {
    expect((await asked('cline')).json).toMatchObject({
      model: 'one',
      messages: [{ role: 'user', content: 'hello' }],
    });
    const page = await open();
    await page.getByRole('row').filter({ hasText: 'Cline' }).click();
    await page.getByLabel('System prompt').fill('Answer briefly.');
    await page.getByRole('combobox', { name: 'auto stands for' }).fill('one');
    await page.getByRole('option', { name: 'one' }).click();
    await page.getByLabel('Temperature').fill('0.2');
    await save(page);
    await page.getByRole('row').filter({ hasText: 'Cline' }).getByText('temperature 0.2').waitFor();
    expect((await asked('cline', 'auto')).json).toMatchObject({
      ...{ model: 'one', temperature: 0.2 },
      messages: [{ content: 'Answer briefly.' }, { role: 'user', content: 'hello' }],
    });

    await page.getByRole('button', { name: 'Actions for Cline' }).click();
    await page.getByRole('menuitem', { name: 'Reset…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Reset' }).click();
    await page.getByRole('row').filter({ hasText: 'temperature 0.2' }).waitFor({ state: 'detached' });
    expect((await asked('cline')).json).not.toHaveProperty('temperature');
  });

  it('takes parameters as JSON, and says what is wrong with them', async () => {
    const page = await open(`${ROUTES}&preset=roocode`);
    await page.getByText('JSON', { exact: true }).click();
    const text = page.getByLabel('Parameters as JSON');
    await text.fill('{"temprature": 1}');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('temprature: there is no such parameter.').waitFor();
    await text.fill('{"top_p": 3}');
    await page.getByText('Fields', { exact: true }).click();
    await page.getByText('top_p: ').waitFor();
    await text.fill('{"top_p": 0.5, "stop": ["END"]}');
    await page.getByText('Fields', { exact: true }).click();
    expect(await page.getByLabel('Top p').inputValue()).toBe('0.5');
    await page.getByText('JSON', { exact: true }).click();
    await save(page);
    expect((await asked('roocode')).json).toMatchObject({ top_p: 0.5, stop: ['END'] });
  });

  it('of one’s own answers at once, and its address is there to copy', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Add route' }).click();
    await page.getByLabel('Name').fill('My tool');
    await page.getByLabel('Word in its address').fill('My Tool');
    await page.getByRole('dialog').getByRole('button', { name: 'Add route' }).click();
    await page.getByText('Write the id as it will stand in the address').waitFor();
    await page.getByLabel('Word in its address').fill('my-tool');
    await save(page, 'Add route');
    const row = page.getByRole('row').filter({ hasText: 'My tool' });
    const copy = row.getByRole('button', { name: 'Copy the address for My tool' });
    expect(await copiedBy(copy)).toBe(`${shared.gateway.url}/my-tool/v1`);
    expect((await asked('my-tool')).status).toBe(200);

    await row.click();
    await page.getByRole('button', { name: 'Delete…' }).click();
    await page.getByText('Requests to /my-tool/v1 are refused').waitFor();
    await page
      .getByRole('dialog', { name: 'Delete My tool?' })
      .getByRole('button', { name: 'Delete' })
      .click();
    await row.waitFor({ state: 'detached' });
    expect((await asked('my-tool')).status).toBe(404);
  });

  it.each(['light', 'dark'] as const)(
    'keeps nobody out, in %s',
    async (scheme) => {
      const page = await open(ROUTES, { scheme });
      expect(await seriousFindings(page)).toEqual([]);
      await shared.panel.go(`${ROUTES}&preset=cursor`);
      await page.getByLabel('System prompt').waitFor();
      expect(await seriousFindings(page, '[role="dialog"]')).toEqual([]);
    },
    60_000,
  );
});
