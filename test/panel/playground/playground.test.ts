import type { Page } from 'playwright';
import { afterAll, describe, expect, it } from 'vitest';
import { type Provider, startProvider } from '../../support/provider/provider.ts';
import { reply } from '../../support/provider/reply.ts';
import { until } from '../../support/until.ts';
import { seriousFindings } from '../support/accessibility.ts';
import { type ShownAs, sharedPanel } from '../support/shared-panel.ts';

let provider: Provider;
const shared = sharedPanel(async (gateway) => {
  provider = await startProvider();
  await gateway.publish(provider, ['gpt-4o']);
});

afterAll(() => provider[Symbol.asyncDispose]());

function open(query = '?model=gpt-4o', options: ShownAs = {}): Promise<Page> {
  return shared.open(`/playground${query}`, options);
}

async function say(page: Page, text: string): Promise<void> {
  await page.getByLabel('Message').fill(text);
  await page.keyboard.press('Enter');
}

describe('an answer', () => {
  it('streams, with what it took under it, and is told again with the next question', async () => {
    const page = await open();
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
    await expect.poll(() => page.getByRole('article').innerText()).toContain('Hello\n  there');

    provider.script(reply.text('Yes.'));
    await say(page, 'Still there?');
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

    const [row] = await shared.gateway.rows();
    expect(row).toMatchObject({ tool: 'playground', status: 200, model: 'gpt-4o' });
    await page.getByRole('button', { name: 'New conversation' }).click();
    await page.getByText('Nothing was asked yet').waitFor();
  });

  it('can be stopped: the provider hears no more, and what came stays with its figures', async () => {
    const page = await open();
    provider.script(reply.gated(reply.text(['One ', 'two ', 'three'])));
    await say(page, 'Count.');
    const request = await provider.nextRequest();
    await request.release();
    await request.release();
    await page.getByText('One').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('Stopped').waitFor();
    const row = await until(
      'the audit row',
      async () => (await shared.gateway.rows('&code=client_closed'))[0],
    );
    expect(row).toMatchObject({ tool: 'playground', status: 499 });
    await page.getByText('estimated').waitFor();
    expect(await page.getByRole('article').innerText()).toContain('One');
  });

  it('that is refused says why in its place, and what to do', async () => {
    const member = await shared.gateway.member({ name: 'Lea', allowedModels: ['ntl/echo'] });
    const page = await open(`?model=gpt-4o&keyId=${member.keyId}`, { anew: true });
    await say(page, 'Hello?');
    const refusal = page.getByRole('alert');
    await refusal.getByText('model_not_allowed').waitFor();
    expect(await refusal.innerText()).toContain('Lea may not use the model "gpt-4o".');
    await refusal.getByRole('link', { name: 'Change what the member may use' }).waitFor();

    await shared.gateway.admin('PATCH', `/members/${member.id}`, { allowedModels: null });
    provider.script(reply.text('Now I may.'));
    await refusal.getByRole('button', { name: 'Ask again' }).click();
    await page.getByText('Now I may.').waitFor();
    expect(await page.getByRole('article').count()).toBe(1);
  });
});

describe('for everybody', () => {
  it.each(['light', 'dark'] as const)('there is no serious accessibility finding, %s', async (scheme) => {
    const page = await open('?model=ntl/echo', { scheme });
    await say(page, 'Hello');
    await page.getByRole('link', { name: 'Audit row' }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
  });
});
