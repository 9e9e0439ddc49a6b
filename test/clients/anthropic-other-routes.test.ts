import Anthropic from '@anthropic-ai/sdk';
import { beforeAll, describe, expect, it } from 'vitest';
import { collect } from '../support/provider/collect.ts';
import { reply } from '../support/provider/reply.ts';
import { FULL_USAGE, lastRequest, newestRow, useBench } from './support.ts';

const bench = useBench();
let client: Anthropic;

beforeAll(() => {
  const { url, key } = bench.gateway;
  client = new Anthropic({ baseURL: `${url}/api`, apiKey: key, authToken: null, maxRetries: 0 });
});

const messages = [{ role: 'user' as const, content: 'hi' }];
const tools = [{ name: 'get_weather', input_schema: { type: 'object' as const } }];

describe('token counts', () => {
  const counted = { model: 'claude-haiku-4-5', messages, system: 'Be brief.', tools };

  it('come from the provider where it counts', async () => {
    bench.anthropic.script(reply.text('', { usage: FULL_USAGE }));
    expect(await client.messages.countTokens(counted)).toEqual({ input_tokens: 1_000 });
    expect(lastRequest(bench.anthropic).path).toBe('/v1/messages/count_tokens');
    expect(await newestRow(bench)).toMatchObject({
      endpoint: 'count_tokens',
      status: 200,
      inputTokens: 0,
      costMicros: 0,
      estimated: false,
    });
  });

  it('are estimated where it does not: another protocol, or no such route', async () => {
    const long = { ...counted, messages: [{ role: 'user' as const, content: 'word '.repeat(400) }] };
    bench.anthropic.scriptFor('/messages/count_tokens', reply.status(404));
    for (const model of ['gpt-4o', 'claude-haiku-4-5']) {
      const { input_tokens: short } = await client.messages.countTokens({ ...counted, model });
      const { input_tokens } = await client.messages.countTokens({ ...long, model });
      expect(short).toBeGreaterThan(0);
      expect(input_tokens - short).toBeGreaterThan(350);
      expect(input_tokens - short).toBeLessThan(800);
    }
    bench.anthropic.scriptFor('/messages/count_tokens');
  });

  it('of the built-in echo are what it then reports', async () => {
    const { input_tokens } = await client.messages.countTokens({ ...counted, model: 'ntl/echo' });
    const message = await client.messages.create({ ...counted, max_tokens: 100, model: 'ntl/echo' });
    expect(message.usage.input_tokens).toBe(input_tokens);
  });
});

describe('models', () => {
  it('are listed in Anthropic’s shape', async () => {
    const listed = await collect(client.models.list({ limit: 1_000 }));
    expect(listed.map((model) => model.id)).toEqual(
      expect.arrayContaining(['claude-haiku-4-5', 'gpt-4o', 'ntl/echo', 'auto']),
    );
    for (const model of listed) {
      expect(model).toMatchObject({ type: 'model', display_name: expect.any(String) });
      expect(Date.parse(model.created_at)).not.toBeNaN();
    }
  });

  it('come with what is known of them', async () => {
    const listed = await collect(client.models.list());
    const haiku = listed.find(({ id }) => id === 'claude-haiku-4-5');
    expect(haiku).toMatchObject({ max_input_tokens: 200_000, max_tokens: 64_000 });
    expect(haiku?.capabilities?.image_input.supported).toBe(true);
    expect(haiku?.capabilities?.thinking.types).toMatchObject({
      ...{ adaptive: { supported: false }, enabled: { supported: true }, disabled: { supported: true } },
    });
    expect(listed.find(({ id }) => id === 'ntl/echo')?.capabilities).toBeNull();
  });

  it('are told one by one', async () => {
    expect(await client.models.retrieve('claude-haiku-4-5')).toMatchObject({
      type: 'model',
      id: 'claude-haiku-4-5',
    });
    expect(await client.models.retrieve('ntl/echo')).toMatchObject({ id: 'ntl/echo' });
  });
});
