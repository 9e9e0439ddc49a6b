import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { startGateway } from '../support/gateway.ts';
import { type Provider, startProvider } from '../support/provider/provider.ts';
import { startOllama } from './home/ollama.ts';
import { seriousFindings } from './support/accessibility.ts';
import { ask } from './support/ask.ts';
import { builtPanel } from './support/built-panel.ts';
import { openOwnPanel } from './support/own-panel.ts';
import { type ShownAs, sharedPanel } from './support/shared-panel.ts';

const SECRET = 'sk-very-secret-credential-0123456789';

/** Nothing answers at the usual ports of local runtimes. */
const NO_RUNTIMES = { ollama: 9, lmstudio: 9, llamacpp: 9, vllm: 9 };

const shared = sharedPanel(async () => {}, { localPorts: NO_RUNTIMES });

function open(path = '/providers', options: ShownAs = {}): Promise<Page> {
  return shared.open(path, options);
}

/** Presses the drawer's button that makes the real call. */
async function test(page: Page): Promise<void> {
  await page.getByRole('dialog').getByRole('button', { name: 'Test', exact: true }).click();
}

/** A service with models of its own: the gateway is the same for all tests of the file. */
async function startService(...models: string[]): Promise<Provider> {
  return startProvider({ credential: SECRET, models });
}

async function listOf(path: string, at = shared.gateway) {
  return (await at.admin('GET', path)).body.data;
}

async function providerNames(): Promise<string[]> {
  return (await listOf('/providers')).map(({ name }: { name: string }) => name);
}

/** Names of a model's providers, in the order they are tried. */
async function targetsOf(model: string): Promise<string[]> {
  const { body } = await shared.gateway.admin('GET', `/models/${model}`);
  return body.targets.map(({ providerName }: { providerName: string }) => providerName);
}

/** The row of a provider. */
function row(page: Page, name: string) {
  return page.getByRole('row').filter({ hasText: name });
}

/** The drawer that is open. */
function drawer(page: Page) {
  return page.getByRole('dialog');
}

describe('before there is a provider', () => {
  it('a runtime on this computer is offered, tried at once, and added with its models', async () => {
    await using ollama = await startOllama(['qwen3-coder:30b', 'gpt-oss:20b']);
    await using bare = await startGateway({
      panelDir: await builtPanel(),
      localPorts: { ...NO_RUNTIMES, ollama: ollama.port },
    });
    await using panel = await openOwnPanel(shared.browser, bare);
    const { page, go } = panel;
    await go('/providers');
    await page.getByText('No provider yet').waitFor();
    await page.getByText('LM Studio, llama.cpp and vLLM').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Add Ollama' }).click();
    await page.getByText('2 models found.').waitFor();
    await page.getByText('2 models will be ready to use.').waitFor();
    await drawer(page).getByRole('button', { name: 'Add provider' }).click();
    await row(page, 'Ollama').getByText('Answers').waitFor();
    const models = await listOf('/models', bare);
    expect(models.map(({ id }: { id: string }) => id)).toContain('qwen3-coder:30b');
    await page.getByText('runs on this computer').waitFor({ state: 'detached' });
  });

  it('the keyboard alone finds one in the catalogue', async () => {
    const page = await open();
    await page.keyboard.press('n');
    await drawer(page).getByLabel('Find a provider').waitFor();
    await page.keyboard.type('mistr');
    await page.keyboard.press('Enter');
    await page.getByText('Speaks OpenAI style').waitFor();
    expect(await page.getByLabel('Name').inputValue()).toBe('Mistral AI');
    expect(await page.getByLabel('Base URL').inputValue()).toBe('https://api.mistral.ai/v1');
    expect(await page.getByRole('link', { name: 'Get one' }).getAttribute('href')).toContain('mistral.ai');
  });
});

describe('adding a provider', () => {
  it('tries it with a real call, says what is wrong, and saves nothing until then', async () => {
    await using service = await startService('a-large', 'a-small', 'a-embed');
    const page = await open('/providers/add?kind=openai-compatible');
    const key = page.getByLabel('API key', { exact: true });
    await page.getByLabel('Name').fill('Tried');
    await page.getByLabel('Base URL').fill(service.url);
    await key.fill('sk-wrong');
    await test(page);
    await page.getByText('Key refused.').waitFor();
    await page.getByRole('button', { name: 'Add anyway' }).waitFor();
    expect(await providerNames()).not.toContain('Tried');

    await key.fill(SECRET);
    await page.getByText('Changed since it was tested.').waitFor();
    await test(page);
    await page.getByText('3 models found.').waitFor();
    expect(await providerNames()).not.toContain('Tried');
    await page.getByRole('checkbox', { name: 'a-embed' }).uncheck();
    await page.getByText('2 models will be ready to use.').waitFor();
    await drawer(page).getByRole('button', { name: 'Add provider' }).click();
    await row(page, 'Tried').getByText('Answers').waitFor();

    expect(await ask(shared.gateway, shared.gateway.key, 'a-large')).toEqual({
      status: 200,
      code: undefined,
    });
    expect(await ask(shared.gateway, shared.gateway.key, 'a-embed')).toEqual({
      status: 400,
      code: 'unknown_model',
    });
    await row(page, 'Tried').click();
    await page.getByText('Nobody can read it here.').waitFor();
    expect(await page.content()).not.toContain(SECRET);
    expect(JSON.stringify(await listOf('/providers'))).not.toContain(SECRET);
  });

  it('adds to a name in use only where that is chosen, tried after what the name has', async () => {
    await using first = await startService('b-one', 'b-two');
    await using second = await startService('b-one', 'b-two', 'b-three');
    await shared.gateway.publish(first, ['b-one', 'b-two'], {
      name: 'First',
      credential: SECRET,
      priority: 7,
    });
    const page = await open('/providers/add?kind=openai-compatible', { anew: true });
    await page.getByLabel('Name').fill('Second');
    await page.getByLabel('Base URL').fill(second.url);
    await page.getByLabel('API key', { exact: true }).fill(SECRET);
    await test(page);
    await page.getByText('2 names are in use.').waitFor();
    await page.getByText('1 model will be ready to use.').waitFor();
    await page.getByRole('checkbox', { name: 'b-one' }).check();
    await drawer(page).getByRole('button', { name: 'Add provider' }).click();
    await row(page, 'Second').getByText('Answers').waitFor();
    expect(await targetsOf('b-one')).toEqual(['First', 'Second']);
    expect(await targetsOf('b-two')).toEqual(['First']);
    expect(await targetsOf('b-three')).toEqual(['Second']);
    await ask(shared.gateway, shared.gateway.key, 'b-one');
    expect(second.requests.filter(({ path }) => path.endsWith('/chat/completions'))).toEqual([]);
  });

  it('shows what the gateway refuses at the field, and keeps what was typed', async () => {
    const page = await open('/providers/add?kind=azure-openai', { refusals: true });
    await page.getByLabel('API key', { exact: true }).fill(SECRET);
    await test(page);
    await page.getByText('The field baseUrl is missing').waitFor();
    await page.getByLabel('Base URL').fill('https://me.openai.azure.com?api-version=1');
    await test(page);
    await page.getByText('must not contain a query').waitFor();
    expect(await page.getByLabel('API key', { exact: true }).inputValue()).toBe(SECRET);
    // Under the fold too: it opens.
    const fold = page.getByRole('button', { name: 'Priority, headers' });
    await page.getByLabel('Base URL').fill('http://127.0.0.1:9');
    await fold.click();
    await page.getByRole('button', { name: 'Add a header' }).click();
    await page.getByLabel('Name of header 1').fill('x-api-key');
    await page.getByLabel('Value of header 1').fill('v');
    await fold.click();
    await test(page);
    await page.getByText('carries a credential').waitFor();
    expect(await providerNames()).not.toContain('Azure OpenAI');
  });
});

describe('a provider in the list', () => {
  it('says that its credential is refused, and is mended in the row', async () => {
    await using service = await startService('c-one');
    const id = await shared.gateway.publish(service, ['c-one'], { name: 'Mended', credential: 'sk-old' });
    await shared.gateway.admin('POST', `/providers/${id}/test`);
    const page = await open();
    await row(page, 'Mended').getByText('Credential refused').waitFor();
    await page.getByText('1 model of Mended has no other provider.').waitFor();
    await row(page, 'Mended').getByRole('link', { name: 'Replace' }).click();
    await page.getByLabel('API key', { exact: true }).fill(SECRET);
    await page.getByRole('button', { name: 'Save' }).click();
    await row(page, 'Mended').getByText('Answers').waitFor();
    expect(await ask(shared.gateway, shared.gateway.key, 'c-one')).toMatchObject({ status: 200 });
    await row(page, 'Mended').getByText('0.0 %').waitFor();
    await row(page, 'Mended').getByRole('button', { name: 'Actions for Mended' }).click();
    await page.getByRole('menuitem', { name: 'Test' }).click();
    await page.getByText('Mended: Answers in').waitFor();
  });

  it('keeps its credential while other settings change', async () => {
    await using service = await startService('d-one');
    const id = await shared.gateway.publish(service, ['d-one'], { name: 'Kept', credential: SECRET });
    const page = await open(`/providers/${id}`);
    await page.getByLabel('Name').fill('Kept and renamed');
    await page.getByRole('button', { name: 'Priority, headers' }).click();
    await page.getByLabel('Priority', { exact: true }).fill('5');
    await page.getByRole('button', { name: 'Save' }).click();
    await row(page, 'Kept and renamed').waitFor();
    expect((await shared.gateway.admin('GET', `/providers/${id}`)).body).toMatchObject({
      ...{ name: 'Kept and renamed', priority: 5, hasCredential: true },
    });
    expect((await shared.gateway.admin('POST', `/providers/${id}/test`)).body.ok).toBe(true);
  });

  it('is switched off and on at once', async () => {
    await using service = await startService('e-one');
    await shared.gateway.publish(service, ['e-one'], { name: 'Switched', credential: SECRET });
    const page = await open();
    await page.getByRole('switch', { name: 'Use Switched' }).press('Space');
    await row(page, 'Switched').getByText('Off').waitFor();
    const status = async () => (await ask(shared.gateway, shared.gateway.key, 'e-one')).status;
    await expect.poll(status).toBe(502);
    await page.getByRole('switch', { name: 'Use Switched' }).press('Space');
    await row(page, 'Switched').getByText('Off').waitFor({ state: 'detached' });
    await expect.poll(status).toBe(200);
  });

  it('is deleted once its owner has read which models lose it', async () => {
    await using service = await startService('f-one', 'f-two');
    await using other = await startService('f-one');
    const facts = { credential: SECRET };
    const id = await shared.gateway.publish(service, ['f-one', 'f-two'], { ...facts, name: 'Leaving' });
    await shared.gateway.publish(other, ['f-one'], { ...facts, name: 'Staying', priority: 1 });
    await shared.gateway.admin('POST', '/models', { id: 'f-three', aliasOf: 'f-two' });
    const page = await open(`/providers/${id}`, { anew: true });
    await page.getByRole('button', { name: 'Delete…' }).click();
    const question = page.getByRole('dialog', { name: 'Delete Leaving?' });
    await question.getByText('f-two and f-three lead nowhere then').waitFor();
    await question.getByText('f-one goes on at other providers').waitFor();
    await question.getByRole('button', { name: 'Delete' }).click();
    await row(page, 'Leaving').waitFor({ state: 'detached' });
    expect((await shared.gateway.admin('GET', `/providers/${id}`)).status).toBe(404);
    expect(await ask(shared.gateway, shared.gateway.key, 'f-one')).toMatchObject({ status: 200 });
  });
});

describe('the page', () => {
  it.each(['light', 'dark'] as const)(
    'keeps nobody out, in %s',
    async (scheme) => {
      await using service = await startService('g-one', 'g-two');
      const id = await shared.gateway.publish(service, ['g-one'], {
        name: `Seen in ${scheme}`,
        credential: SECRET,
      });
      const wrong = await shared.gateway.publish(service, [], {
        name: `Wrong in ${scheme}`,
        credential: 'sk-old',
      });
      await shared.gateway.admin('POST', `/providers/${wrong}/test`);
      const page = await open('/providers', { scheme, anew: true });
      await row(page, `Wrong in ${scheme}`).getByText('Credential refused').waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await shared.panel.go('/providers/add');
      await drawer(page).getByRole('button', { name: 'Anthropic', exact: true }).waitFor();
      expect(await seriousFindings(page, '[role="dialog"]')).toEqual([]);
      await shared.panel.go(`/providers/${id}`);
      await test(page);
      await page.getByText('Models to offer').waitFor();
      await page.getByRole('button', { name: 'Priority, headers' }).click();
      expect(await seriousFindings(page, '[role="dialog"]')).toEqual([]);
    },
    60_000,
  );
});
