import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { type Provider, startProvider } from '../support/provider/provider.ts';

let gateway: TestGateway;
let provider: Provider;

beforeAll(async () => {
  provider = await startProvider();
  gateway = await startGateway();
  await gateway.publish(provider, ['gpt-4o', 'team/gpt-5-mini'], { upstreamModel: 'gpt-4o' });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await provider.close();
});

async function get(path: string, headers: Record<string, string> = {}, key = gateway.key) {
  const response = await fetch(gateway.url + path, {
    headers: { authorization: `Bearer ${key}`, ...headers },
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

const ids = (list: { id: string }[]) => list.map(({ id }) => id);

describe('GET /models', () => {
  it.each(['/v1/models', '/api/v1/models', '/models', '/claudecode/v1/models', '/v1/models?limit=1000'])(
    'lists what the key may use, for Codex under `models` as well: %s',
    async (path) => {
      const { body, headers } = await get(path);
      expect(ids(body.data)).toEqual(
        expect.arrayContaining(['ntl/echo', 'gpt-4o', 'team/gpt-5-mini', 'auto']),
      );
      // Unbound aliases can answer nothing yet.
      expect(ids(body.data)).not.toContain('quota/fast');
      expect(body.models).toEqual(body.data);
      expect(body.object).toBe('list');
      expect(headers.get('x-ntl-tier')).toBe('enterprise');
    },
  );

  it("takes Anthropic's form for Anthropic's clients", async () => {
    const { body } = await get('/v1/models', { 'anthropic-version': '2023-06-01' });
    expect(body).toMatchObject({ has_more: false, first_id: body.data[0].id, last_id: body.data.at(-1).id });
    expect(body.data[0]).toEqual({
      type: 'model',
      id: expect.any(String),
      display_name: expect.any(String),
      created_at: expect.stringMatching(/^\d{4}-.*Z$/),
      ...{ max_input_tokens: null, max_tokens: null, capabilities: null },
    });
  });

  it('shows a member its allow-list alone', async () => {
    const { key } = await gateway.member({ allowedModels: ['gpt-4o'] });
    expect(ids((await get('/v1/models', {}, key)).body.data)).toEqual(['gpt-4o', 'auto']);
  });

  it('gives a page where one is asked for, no larger than the plan lets it', async () => {
    const { key } = await gateway.member({ planId: 'free' });
    const all = ids((await get('/v1/models', {}, key)).body.data);
    const page = (await get('/v1/models?page=2&pageSize=2', {}, key)).body;
    expect(ids(page.data)).toEqual(all.slice(2, 4));
    expect(page.pagination).toEqual({ page: 2, limit: 2, total: all.length });
    expect((await get('/v1/models?pageSize=500', {}, key)).body.pagination.limit).toBe(50);
    expect((await get('/v1/models?startDate=2020-01-01', {}, key)).body).toMatchObject({
      data: [],
      pagination: { total: 0 },
    });
    const anthropic = await get('/v1/models?pageSize=1', { 'anthropic-version': '2023-06-01' }, key);
    expect(anthropic.body).toMatchObject({ has_more: true, first_id: all[0], last_id: all[0] });
    expect((await get('/v1/models?page=none', {}, key)).body.error).toMatchObject({ param: 'page' });
  });

  it('is no route for a subscription key but below a tool', async () => {
    const { key } = await gateway.member({}, { kind: 'subscription' });
    expect((await get('/v1/models', {}, key)).body.error.code).toBe('route_not_allowed');
    expect(ids((await get('/claudecode/v1/models', {}, key)).body.data)).toContain('ntl/echo');
  });

  it('refuses without a good key, in the form of the caller', async () => {
    expect((await get('/v1/models', {}, 'ntl_live_no')).body.error.code).toBe('invalid_key');
    const anthropic = await get('/v1/models', { 'anthropic-version': '2023-06-01' }, 'ntl_live_no');
    expect(anthropic.body).toMatchObject({ type: 'error', error: { code: 'invalid_key' } });
  });
});

describe('GET /models/{id}', () => {
  it.each(['gpt-4o', 'team/gpt-5-mini', 'team%2Fgpt-5-mini', 'ntl/echo'])('finds %s', async (id) => {
    const { status, body } = await get(`/v1/models/${id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: decodeURIComponent(id), object: 'model' });
  });

  it('is 404 for others', async () => {
    const { status, body } = await get('/v1/models/nope');
    expect(status).toBe(404);
    expect(body.error.code).toBe('not_found');
  });
});

describe('what is known of a model', () => {
  beforeAll(async () => {
    const target = async (kind: string, upstreamModel: string) => {
      const { body } = await gateway.admin('POST', '/providers', { name: kind, kind });
      return [{ providerId: body.id, upstreamModel }];
    };
    await gateway.admin('POST', '/models', {
      id: 'opus',
      targets: await target('anthropic', 'claude-opus-4-7'),
    });
    await gateway.admin('POST', '/models', { id: 'sol', targets: await target('openai', 'gpt-5.1') });
    await gateway.admin('POST', '/models', { id: 'mystery', targets: await target('ollama', 'gpt-4o') });
    await gateway.admin('PATCH', '/models/quota%2Fopus', { aliasOf: 'opus' });
  });

  it('is told under the names that clients of OpenAI-style services read', async () => {
    expect((await get('/v1/models/opus')).body).toEqual({
      ...{ id: 'opus', object: 'model', created: expect.any(Number), owned_by: 'notokenlimit' },
      ...{ context_length: 1_000_000, context_window: 1_000_000, max_model_len: 1_000_000 },
      max_completion_tokens: 128_000,
      top_provider: { context_length: 1_000_000, max_completion_tokens: 128_000 },
      architecture: { input_modalities: ['text', 'image', 'file'], output_modalities: ['text'] },
      reasoning: { supported_efforts: ['max', 'xhigh', 'high', 'medium', 'low'], mandatory: false },
      ntl: {
        efforts: ['low', 'medium', 'high', 'xhigh', 'max'],
        thinking: ['adaptive', 'disabled'],
        sampling: false,
      },
    });
  });

  it("is told as Anthropic's clients read it", async () => {
    const ask = async (id: string) =>
      (await get(`/v1/models/${id}`, { 'anthropic-version': '2023-06-01' })).body;
    const [yes, no] = [{ supported: true }, { supported: false }];
    expect(await ask('opus')).toMatchObject({
      ...{ max_input_tokens: 1_000_000, max_tokens: 128_000 },
      capabilities: {
        ...{ image_input: yes, pdf_input: yes, batch: no, structured_outputs: null },
        effort: { supported: true, low: yes, medium: yes, high: yes, xhigh: yes, max: yes },
        thinking: {
          supported: true,
          types: { adaptive: yes, enabled: no, disabled: yes, between_tools: null },
        },
      },
    });
    expect(await ask('sol')).toMatchObject({
      max_input_tokens: 400_000,
      capabilities: { effort: { supported: true, low: yes, xhigh: no, max: no }, thinking: null },
    });
  });

  it('is left out where nobody knows', async () => {
    expect(Object.keys((await get('/v1/models/mystery')).body)).toEqual([
      'id',
      'object',
      'created',
      'owned_by',
    ]);
  });

  it('of an alias is what is known of its model; of auto, of the default model', async () => {
    const window = async (id: string) => (await get(`/v1/models/${id}`)).body.context_length;
    expect(await window('quota/opus')).toBe(1_000_000);
    expect(await window('auto')).toBeUndefined();
    await gateway.admin('PATCH', '/settings', { defaultModel: 'sol' });
    expect(await window('auto')).toBe(400_000);
  });

  it('is what the owner says, in every list', async () => {
    await gateway.admin('PATCH', '/models/mystery', {
      facts: { contextWindow: 8_192, efforts: [], thinking: [] },
    });
    const { data, models } = (await get('/v1/models')).body;
    const entry = data.find(({ id }: { id: string }) => id === 'mystery');
    expect(entry).toMatchObject({ context_length: 8_192, ntl: { efforts: [], thinking: [] } });
    expect(entry).not.toHaveProperty('reasoning');
    expect(models).toEqual(data);
    // Codex would take these in place of its own prompt.
    for (const model of models) expect(model).not.toHaveProperty('base_instructions');
  });

  it('comes through to another gateway as it is', async () => {
    await using other = await startGateway();
    const facts = { name: 'First', kind: 'notokenlimit', baseUrl: gateway.url, credential: gateway.key };
    const { body } = await other.admin('POST', '/providers', facts);
    const seen = (await other.admin('GET', `/providers/${body.id}/models`)).body.data;
    const known = (await gateway.admin('GET', '/models?pageSize=1000')).body.data;
    for (const id of ['opus', 'sol', 'mystery', 'gpt-4o', 'quota/opus', 'ntl/echo']) {
      const published = known.find((model: { id: string }) => model.id === id);
      expect(seen).toContainEqual(expect.objectContaining({ id, facts: published.effectiveFacts }));
    }
  });
});
