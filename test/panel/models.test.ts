import type { Page } from 'playwright';
import { afterAll, describe, expect, it } from 'vitest';
import { type Provider, startProvider } from '../support/provider/provider.ts';
import { until } from '../support/until.ts';
import { seriousFindings } from './support/accessibility.ts';
import { ask } from './support/ask.ts';
import { sharedPanel } from './support/shared-panel.ts';

let first: Provider;
let second: Provider;
/** Ids of the providers at `first` and `second`. */
let firstId: string;
let secondId: string;

const shared = sharedPanel(async (gateway) => {
  first = await startProvider({ models: ['one', 'two'] });
  second = await startProvider({ models: ['one', 'two'] });
  firstId = await gateway.publish(first, [], { name: 'First' });
  secondId = await gateway.publish(second, [], { name: 'Second' });
});
const { open } = shared;

afterAll(() => Promise.all([first, second].map((provider) => provider.close())));

async function put(method: string, path: string, body: object): Promise<void> {
  const answer = await shared.gateway.admin(method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
}

/** A model with the same name at both providers, tried at the first before the second. */
async function addModel(id: string): Promise<void> {
  const at = (providerId: string, priority: number) => ({ providerId, upstreamModel: 'one', priority });
  await put('POST', '/models', { id, targets: [at(firstId, 0), at(secondId, 1)] });
}

async function modelOf(id: string) {
  return (await shared.gateway.admin('GET', `/models/${encodeURIComponent(id)}`)).body;
}

/** How many chats each provider has had. */
function chats(): [number, number] {
  const count = ({ requests }: Provider) =>
    requests.filter(({ path }) => path.endsWith('/completions')).length;
  return [count(first), count(second)];
}

/** Which provider answers a request for the model. */
async function answering(model: string): Promise<'first' | 'second'> {
  const before = chats();
  expect(await ask(shared.gateway, shared.gateway.key, model)).toMatchObject({ status: 200 });
  return chats()[0] > before[0] ? 'first' : 'second';
}

async function save(page: Page, button = 'Save'): Promise<void> {
  await page.getByRole('dialog').getByRole('button', { name: button }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

function row(page: Page, id: string) {
  return page.getByRole('row').filter({ has: page.getByText(id, { exact: true }) });
}

describe('targets', () => {
  it('are tried in the order the keyboard puts them in', async () => {
    await addModel('by-key');
    expect(await answering('by-key')).toBe('first');
    const page = await open('/models/by-key');
    await page.getByRole('button', { name: 'Move target 2', exact: true }).press('ArrowUp');
    // The cursor goes with the row.
    await until('the cursor', () =>
      page.evaluate(() => document.activeElement?.getAttribute('aria-label') === 'Move target 1'),
    );
    await save(page);
    expect(await answering('by-key')).toBe('second');
    await page
      .getByRole('row')
      .filter({ hasText: /by-key1Second.*2First/ })
      .waitFor();
  });

  it('are tried in the order they are dragged to', async () => {
    await addModel('by-drag');
    const page = await open('/models/by-drag');
    await page
      .getByRole('button', { name: 'Move target 2', exact: true })
      .dragTo(page.getByRole('button', { name: 'Move target 1', exact: true }));
    await save(page);
    expect(await answering('by-drag')).toBe('second');
  });

  it('show the order the gateway keeps, with the providers’ own priorities in it', async () => {
    await addModel('by-priority');
    await put('PATCH', `/providers/${firstId}`, { priority: 10 });
    try {
      const page = await open('/models/by-priority', { anew: true });
      await page
        .getByRole('row')
        .filter({ hasText: /by-priority1Second.*2First/ })
        .waitFor();
      await page.getByRole('button', { name: 'Move target 1', exact: true }).click();
      await page.getByRole('menuitem', { name: 'Move down' }).click();
      await save(page);
      expect(await answering('by-priority')).toBe('first');
    } finally {
      await put('PATCH', `/providers/${firstId}`, { priority: 0 });
    }
  });

  it('share the load by weight', async () => {
    await addModel('by-weight');
    const page = await open('/models/by-weight');
    await page.getByRole('button', { name: 'Share load by weight' }).click();
    await page.getByLabel('Weight of target 1').fill('3');
    await page.getByText('75 %').waitFor();
    await save(page);
    const { targets } = await modelOf('by-weight');
    expect(targets.map(({ priority, weight }: Record<string, number>) => [priority, weight])).toEqual([
      [0, 3],
      [0, 1],
    ]);
  });

  it('must be whole before anything is saved', async () => {
    const page = await open('/models/add');
    await page.getByRole('dialog').getByRole('button', { name: 'Add model' }).click();
    await page.getByText('Write the name that clients send.').waitFor();
    await page.getByText('Choose a provider.').waitFor();
    await page.getByText('Write the provider’s name for the model.').waitFor();
  });
});

describe('a model', () => {
  it('is added from what a provider lists, with another name for it', async () => {
    const page = await open('/models');
    await page.keyboard.press('n');
    await page.getByRole('combobox', { name: 'Provider of target 1' }).click();
    await page.getByRole('option', { name: 'First' }).click();
    await page.getByRole('combobox', { name: 'Model of target 1' }).click();
    await page.getByRole('option', { name: 'two' }).click();
    await expect.poll(() => page.getByLabel('Name clients send').inputValue()).toBe('two');
    await page.getByLabel('Name clients send').fill('fresh');
    await page.getByRole('combobox', { name: 'Aliases' }).fill('quota/fast');
    await page.keyboard.press('Enter');
    await page.getByRole('combobox', { name: 'Aliases' }).fill('fresh-too');
    await page.keyboard.press('Enter');
    await save(page, 'Add model');
    await row(page, 'quota/fast').getByText('fresh').waitFor();
    for (const name of ['fresh', 'quota/fast', 'fresh-too']) expect(await answering(name)).toBe('first');
  });

  it('has a price of its own in dollars, and a multiplier', async () => {
    await addModel('priced');
    const page = await open('/models/priced');
    await page.getByText('The price list does not know it').waitFor();
    await page.getByRole('button', { name: 'Set my own' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByText('Write a price, or take the price list’s.').first().waitFor();
    await page.getByLabel('Input', { exact: true }).fill('1.25');
    await page.getByLabel('Output', { exact: true }).fill('10');
    await page.getByLabel('Cached input').fill('0.125');
    await page.getByText('x3', { exact: true }).click();
    await page.getByText('1,800 in + 3,400 out charges 15,600').waitFor();
    await save(page);
    expect(await modelOf('priced')).toMatchObject({
      price: { input: 1_250_000, output: 10_000_000, cacheRead: 125_000 },
      multiplier: 3,
    });
    await row(page, 'priced').getByText('10.00').waitFor();
  });

  it('keeps what nobody touched, and takes the owner’s word on what it can do', async () => {
    await addModel('factual');
    const before = await modelOf('factual');
    const page = await open('/models/factual');
    await page.getByRole('button', { name: 'What it can do' }).click();
    await page.getByLabel('Context, tokens').fill('64000');
    await page.getByRole('radiogroup', { name: 'Takes', exact: true }).getByText('My word').click();
    await page.getByRole('checkbox', { name: 'text' }).check();
    await page.getByRole('checkbox', { name: 'audio' }).check();
    await save(page);
    const after = await modelOf('factual');
    expect(after).toMatchObject({ targets: before.targets, price: null, multiplier: 1 });
    expect(after.facts).toMatchObject({
      contextWindow: 64_000,
      inputModalities: ['text', 'audio'],
      efforts: null,
    });
  });

  it('is renamed with everything that refers to it', async () => {
    await addModel('old-name');
    await put('POST', '/models', { id: 'of-old', aliasOf: 'old-name' });
    const page = await open('/models/old-name');
    await page.getByLabel('Name clients send').fill('new/name');
    await page.getByText('Aliases, limits and allow-lists follow the new name.').waitFor();
    await save(page);
    await row(page, 'of-old').getByText('new/name').waitFor();
    expect(await answering('of-old')).toBe('first');
    expect(await ask(shared.gateway, shared.gateway.key, 'old-name')).toMatchObject({
      code: 'unknown_model',
    });
  });

  it('is deleted once its owner has read what refers to it', async () => {
    await addModel('leaving');
    await put('POST', '/models', { id: 'of-leaving', aliasOf: 'leaving' });
    await put('PATCH', '/settings', { defaultModel: 'leaving' });
    const member = await shared.gateway.member({ name: 'Noor', allowedModels: ['leaving'] });
    const limit = { scope: 'member', subjectId: member.id, model: 'leaving', metric: 'requests' };
    await put('PUT', '/limits', { ...limit, windowSeconds: 86_400, amount: 10 });
    const page = await open('/models/leaving');
    const limits = page.getByRole('region', { name: 'Limits for this model' });
    await limits.getByText('10 requests / 24 h').waitFor();
    await page.getByRole('button', { name: 'Delete…' }).click();
    const question = page.getByRole('dialog', { name: 'Delete leaving?' });
    await question.getByText('of-leaving leads nowhere then').waitFor();
    await question.getByText('1 limit set for it is lifted').waitFor();
    await question.getByText('auto stands for nothing then').waitFor();
    await question.getByText('The allow-list of Noor keeps the name').waitFor();
    await question.getByRole('button', { name: 'Delete' }).click();
    await row(page, 'of-leaving').getByText('Leads nowhere yet.').waitFor();
    expect(await ask(shared.gateway, shared.gateway.key, 'leaving')).toMatchObject({ code: 'unknown_model' });
  });

  it('is switched off and on in its row', async () => {
    await addModel('switched');
    const page = await open('/models?find=switched');
    await page.getByRole('switch', { name: 'Offer switched' }).press('Space');
    await until('the model to be off', async () => !(await modelOf('switched')).enabled);
    expect(await ask(shared.gateway, shared.gateway.key, 'switched')).toMatchObject({
      code: 'unknown_model',
    });
    await page.getByRole('switch', { name: 'Offer switched' }).press('Space');
    await until('the model to be on', async () => (await modelOf('switched')).enabled);
  });

  it('shows what the gateway refuses at the field, and is not added twice', async () => {
    await addModel('taken');
    const page = await open('/models/add', { refusals: true });
    await page.getByLabel('Name clients send').fill('taken');
    await page.getByRole('combobox', { name: 'Provider of target 1' }).click();
    await page.getByRole('option', { name: 'Second' }).click();
    await page.getByRole('combobox', { name: 'Model of target 1' }).fill('one');
    await page.getByRole('dialog').getByRole('button', { name: 'Add model' }).click();
    await page.getByText('There is a model taken already.').waitFor();
    await page.getByLabel('Name clients send').fill('not-taken');
    await page.getByRole('combobox', { name: 'Aliases' }).fill('a b');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Add model' }).click();
    await page.getByText('a b: ').waitFor();
    await page.getByRole('combobox', { name: 'Aliases' }).press('Backspace');
    await save(page, 'Add model');
    expect(await answering('not-taken')).toBe('second');
  });
});

describe('aliases', () => {
  it('lead nowhere until a model is chosen in the row', async () => {
    await addModel('strong');
    const page = await open('/models');
    await row(page, 'quota/opus').getByRole('link', { name: 'Choose a model' }).click();
    await page.getByRole('combobox', { name: 'Leads to' }).fill('strong');
    await page.getByRole('option', { name: 'strong' }).click();
    await save(page);
    await row(page, 'quota/opus').getByText('strong').waitFor();
    expect(await answering('quota/opus')).toBe('first');
  });

  it('of everybody’s choice: auto', async () => {
    await addModel('usual');
    const page = await open('/models');
    await row(page, 'auto').click();
    await page.getByRole('combobox', { name: 'auto stands for' }).fill('usual');
    await page.getByRole('option', { name: 'usual' }).click();
    await save(page);
    await row(page, 'auto').getByText('usual').waitFor();
    expect(await answering('auto')).toBe('first');
  });
});

describe('the list', () => {
  it('shows the models of one provider', async () => {
    await addModel('at-both');
    await put('POST', '/models', {
      id: 'at-second',
      targets: [{ providerId: secondId, upstreamModel: 'two' }],
    });
    const page = await open(`/models?providerId=${firstId}`);
    await page.getByText('at-both', { exact: true }).waitFor();
    await page.getByText('at-second', { exact: true }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Provider First' }).waitFor();
  });
});

describe('the page', () => {
  it.each(['light', 'dark'] as const)(
    'keeps nobody out, in %s',
    async (scheme) => {
      await addModel(`seen-${scheme}`);
      const page = await open(`/models/seen-${scheme}`, { scheme });
      await page.getByRole('button', { name: 'Share load by weight' }).click();
      await page.getByRole('button', { name: 'What it can do' }).click();
      expect(await seriousFindings(page, '[role="dialog"]')).toEqual([]);
    },
    60_000,
  );
});

describe('a long list', () => {
  it('of a thousand models holds in the page what is in sight, and finds one', async () => {
    const { body } = await shared.gateway.admin('POST', '/providers', { name: 'Many', kind: 'vllm' });
    const add = (number: number) =>
      put('POST', '/models', {
        id: `a-model-${number}`,
        targets: [{ providerId: body.id, upstreamModel: `vendor/model-${number}` }],
      });
    for (let from = 0; from < 1_000; from += 50)
      await Promise.all(Array.from({ length: 50 }, (_, index) => add(from + index)));
    const page = await open('/models');
    await page.getByText('a-model-0', { exact: true }).waitFor();
    expect(await page.getByRole('row').count()).toBeLessThan(100);
    await page.keyboard.press('/');
    await page.keyboard.type('a-model-777');
    await page.getByText('1 name').waitFor();
    await page.getByText('a-model-777', { exact: true }).click();
    expect(await page.getByLabel('Name clients send').inputValue()).toBe('a-model-777');
  });
});
