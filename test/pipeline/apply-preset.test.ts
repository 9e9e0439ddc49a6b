import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { type Provider, startProvider } from '../support/provider/provider.ts';
import { reply } from '../support/provider/reply.ts';

let provider: Provider;
let gateway: TestGateway;

beforeAll(async () => {
  provider = await startProvider({ strict: false, models: null });
  gateway = await startGateway();
  await gateway.publish(provider, ['gpt']);
  await gateway.publish(provider, ['claude'], { kind: 'anthropic-compatible' });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await provider.close();
});
beforeEach(() => provider.script(reply.text('ok')));
afterEach(() => gateway.admin('DELETE', '/presets/cline'));

const MESSAGES = [{ role: 'user', content: 'hi' }];
const last = () => provider.requests.at(-1) as (typeof provider.requests)[number];
// biome-ignore lint/suspicious/noExplicitAny: looked into field by field by the tests
const sent = () => last().json as any;

/** Odd spacing and numbers that lose digits when parsed. */
const ODD = (model: string) =>
  `{ "x" : [1, 2.50],\n"model":"${model}" ,"big":12345678901234567890, "max_tokens":7,"messages":[{"role":"user","content":"gr\\u00fc"}] }`;

async function change(patch: Record<string, unknown>, id = 'cline'): Promise<void> {
  const answer = await gateway.admin('PATCH', `/presets/${id}`, patch);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
}

describe('an untouched preset', () => {
  it.each(['/cline/v1/chat/completions', '/claudecode/v1/chat/completions'])(
    'passes every byte of a body: %s',
    async (path) => {
      expect((await gateway.post(path, ODD('gpt'))).status).toBe(200);
      expect(last().body.toString()).toBe(ODD('gpt'));
    },
  );

  it('passes every byte of Anthropic’s bodies', async () => {
    expect((await gateway.post('/claudecode/v1/messages', ODD('claude'))).status).toBe(200);
    expect(last().body.toString()).toBe(ODD('claude'));
  });
});

describe('a changed preset', () => {
  it('sets the prompt and parameters of its route alone', async () => {
    await change({ systemPrompt: 'Be brief.', parameters: { temperature: 0.2, max_tokens: 50 } });
    await gateway.post('/cline/v1/chat/completions', { model: 'gpt', messages: MESSAGES, max_tokens: 9 });
    expect(last().json).toEqual({
      model: 'gpt',
      messages: [{ role: 'system', content: 'Be brief.' }, ...MESSAGES],
      max_tokens: 9,
      temperature: 0.2,
    });
    for (const path of ['/v1/chat/completions', '/cursor/v1/chat/completions']) {
      await gateway.post(path, ODD('gpt'));
      expect(last().body.toString()).toBe(ODD('gpt'));
    }
  });

  it('holds in every protocol, at a provider of that protocol and of another', async () => {
    await change({ systemPrompt: 'Be brief.', parameters: { temperature: 0.2 } });
    const messages = { max_tokens: 9, messages: MESSAGES, system: 'Own.' };
    await gateway.post('/cline/v1/messages', { model: 'claude', ...messages });
    expect(last().json).toMatchObject({ system: 'Be brief.\n\nOwn.', temperature: 0.2, messages: MESSAGES });
    await gateway.post('/cline/v1/messages', { model: 'gpt', ...messages });
    expect(last().json).toMatchObject({
      messages: [{ role: 'system', content: 'Be brief.\n\nOwn.' }, ...MESSAGES],
    });
    await gateway.post('/cline/v1/responses', { model: 'claude', input: 'hi', instructions: 'Own.' });
    expect(last().json).toMatchObject({ temperature: 0.2 });
    expect(JSON.stringify(sent().system)).toContain('Be brief.\\n\\nOwn.');
    await gateway.post('/cline/v1/chat/completions', { model: 'claude', messages: MESSAGES });
    expect(JSON.stringify(sent().system)).toContain('Be brief.');
  });

  it('is reserved and billed like what the caller says', async () => {
    const body = { model: 'gpt', messages: MESSAGES };
    await change({ systemPrompt: 'word '.repeat(4_000), parameters: { max_tokens: 123 } });
    const member = await gateway.member();
    const limit = {
      scope: 'member',
      subjectId: member.id,
      metric: 'tokens',
      windowSeconds: 60,
      amount: 1_000,
    };
    await gateway.admin('PUT', '/limits', limit);
    const refused = await gateway.post('/cline/v1/chat/completions', body, { key: member.key });
    expect(refused.body.error.code).toBe('rate_limit_minute');
  });

  it('follows the owner from the next request on, and is as it came after a reset', async () => {
    await change({ systemPrompt: 'One.' });
    await gateway.post('/cline/v1/chat/completions', ODD('gpt'));
    expect(last().body.toString()).toBe(
      ODD('gpt').replace('[{"role"', '[{"role":"system","content":"One."},{"role"'),
    );
    await gateway.admin('DELETE', '/presets/cline');
    await gateway.post('/cline/v1/chat/completions', ODD('gpt'));
    expect(last().body.toString()).toBe(ODD('gpt'));
  });
});

describe('auto', () => {
  it('is the preset’s choice, else the settings’', async () => {
    const ask = async (path: string) => {
      const answer = await gateway.post(path, { model: 'auto', messages: MESSAGES });
      return answer.status === 200 ? sent().model : answer.body.error.code;
    };
    expect(await ask('/cline/v1/chat/completions')).toBe('unknown_model');
    await gateway.admin('PATCH', '/settings', { defaultModel: 'claude' });
    expect(await ask('/cline/v1/chat/completions')).toBe('claude');
    await change({ defaultModel: 'gpt' });
    expect(await ask('/cline/v1/chat/completions')).toBe('gpt');
    expect(await ask('/cursor/v1/chat/completions')).toBe('claude');
    expect(await ask('/v1/chat/completions')).toBe('claude');
    await gateway.admin('PATCH', '/models/gpt', { enabled: false });
    const off = await gateway.post('/cline/v1/chat/completions', { model: 'auto', messages: MESSAGES });
    expect(off.body.error.message).toContain('"gpt"');
    await gateway.admin('PATCH', '/models/gpt', { enabled: true });
    await gateway.admin('PATCH', '/settings', { defaultModel: null });
  });

  it('is listed as what it stands for on the route', async () => {
    await gateway.admin('PATCH', '/models/gpt', { facts: { contextWindow: 4_711 } });
    await change({ defaultModel: 'gpt' });
    const auto = async (base: string) => {
      const headers = { authorization: `Bearer ${gateway.key}` };
      const { data } = await (await fetch(`${gateway.url}${base}/models`, { headers })).json();
      return data.find(({ id }: { id: string }) => id === 'auto');
    };
    expect(await auto('/cline/v1')).toMatchObject({ context_length: 4_711 });
    expect(await auto('/v1')).not.toHaveProperty('context_length');
  });
});

it('a preset of the owner’s answers at once under its path, and no longer once it is gone', async () => {
  const asked = () => gateway.post('/our-bot/v1/chat/completions', { model: 'gpt', messages: MESSAGES });
  expect((await asked()).status).toBe(404);
  await gateway.admin('POST', '/presets', { id: 'our-bot', systemPrompt: 'Bot.' });
  expect((await asked()).status).toBe(200);
  expect(sent().messages[0]).toEqual({ role: 'system', content: 'Bot.' });
  expect((await gateway.rows())[0]).toMatchObject({ tool: 'our-bot', status: 200 });
  const subscriber = await gateway.member({}, { kind: 'subscription' });
  const headers = { authorization: `Bearer ${subscriber.key}` };
  expect((await fetch(`${gateway.url}/our-bot/v1/models`, { headers })).status).toBe(200);
  await gateway.admin('DELETE', '/presets/our-bot');
  expect((await asked()).status).toBe(404);
  expect((await fetch(`${gateway.url}/our-bot/v1/models`, { headers })).status).toBe(404);
});
