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
    });
  });

  it('shows a member its allow-list alone', async () => {
    const { key } = await gateway.member({ allowedModels: ['gpt-4o'] });
    expect(ids((await get('/v1/models', {}, key)).body.data)).toEqual(['gpt-4o', 'auto']);
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
