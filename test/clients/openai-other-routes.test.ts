import OpenAI from 'openai';
import { beforeAll, describe, expect, it } from 'vitest';
import { collect } from '../support/provider/collect.ts';
import { reply } from '../support/provider/reply.ts';
import { FULL_USAGE, FULL_USAGE_ROW, lastRequest, newestRow, useBench } from './support.ts';

const bench = useBench();
let client: OpenAI;

beforeAll(() => {
  client = new OpenAI({ baseURL: `${bench.gateway.url}/v1`, apiKey: bench.gateway.key, maxRetries: 0 });
});

describe('models', () => {
  it.each(['/v1', '/api/v1'])('are listed under %s: those the key may use, and auto', async (path) => {
    const listed = await collect(client.withOptions({ baseURL: bench.gateway.url + path }).models.list());
    expect(listed.map((model) => model.id)).toEqual(
      expect.arrayContaining(['gpt-4o', 'claude-haiku-4-5', 'ntl/echo', 'auto']),
    );
    for (const model of listed) {
      expect(model).toMatchObject({
        object: 'model',
        created: expect.any(Number),
        owned_by: expect.any(String),
      });
    }
  });

  it('are listed to a member as its allow-list says', async () => {
    const { key } = await bench.gateway.member({ allowedModels: ['gpt-4o'] });
    const listed = await collect(client.withOptions({ apiKey: key }).models.list());
    expect(listed.map((model) => model.id).toSorted()).toEqual(['auto', 'gpt-4o']);
  });

  it.each(['gpt-4o', 'ntl/echo'])('are told one by one: %s', async (id) => {
    expect(await client.models.retrieve(id)).toMatchObject({ id, object: 'model' });
  });

  it('come with what is known of them', async () => {
    const listed = await collect(client.models.list());
    expect(listed.find(({ id }) => id === 'gpt-4o')).toMatchObject({
      ...{ context_length: 128_000, max_completion_tokens: 16_384 },
      architecture: { input_modalities: ['text', 'image', 'file'] },
    });
    expect(listed.find(({ id }) => id === 'ntl/echo')).not.toHaveProperty('context_length');
  });

  it('that are not there are not found', async () => {
    const error = await client.models.retrieve('nope').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OpenAI.NotFoundError);
    expect(error).toMatchObject({ code: 'not_found' });
  });
});

describe('embeddings', () => {
  const asked = { model: 'text-embedding-3-small', input: ['first', 'second'] };

  it.each([undefined, 'float' as const, 'base64' as const])('with encoding_format %s', async (format) => {
    bench.openai.script(reply.text('', { usage: { input: 12, output: 0 } }));
    const encoding = format === undefined ? {} : { encoding_format: format };
    const answer = await client.embeddings.create({ ...asked, dimensions: 4, ...encoding });
    const vectors = answer.data.map(({ embedding }) =>
      format === 'base64' ? decoded(embedding as unknown as string) : Array.from(embedding),
    );
    expect(vectors).toEqual([
      [1, 0, 0, 0],
      [0, 1, 0, 0],
    ]);
    // Without a wish of its own, the SDK asks for base64 and decodes it.
    expect(lastRequest(bench.openai).json).toMatchObject({ encoding_format: format ?? 'base64' });
    const { prompt_tokens: inputTokens } = answer.usage;
    expect(await newestRow(bench)).toMatchObject({ endpoint: 'embeddings', inputTokens, outputTokens: 0 });
    expect(inputTokens).toBe(12);
  });

  it('of the built-in echo have length 1 and tell texts apart', async () => {
    const answer = await client.embeddings.create({ ...asked, model: 'ntl/echo', input: ['a', 'a', 'b'] });
    const [first, again, other] = answer.data.map(({ embedding }) => embedding);
    expect(Math.hypot(...(first ?? []))).toBeCloseTo(1, 5);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    expect(await newestRow(bench)).toMatchObject({
      inputTokens: answer.usage.prompt_tokens,
      estimated: false,
    });
  });

  function decoded(base64: string): number[] {
    const bytes = Buffer.from(base64, 'base64');
    return Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(index * 4));
  }
});

describe('legacy completions', () => {
  const asked = {
    model: 'gpt-3.5-turbo-instruct',
    prompt: 'def add(',
    suffix: '\n  return a + b',
    max_tokens: 20,
  };

  it('reach the provider with their suffix', async () => {
    bench.openai.script(reply.text('a, b):', { usage: FULL_USAGE }));
    const answer = await client.completions.create(asked);
    expect(answer.choices).toMatchObject([{ text: 'a, b):', finish_reason: 'stop' }]);
    expect(lastRequest(bench.openai).json).toEqual(asked);
    expect(await newestRow(bench)).toMatchObject({ ...FULL_USAGE_ROW, endpoint: 'completions' });
    expect(answer.usage).toMatchObject({ prompt_tokens: 1_000, completion_tokens: 200 });
  });

  it('stream', async () => {
    bench.openai.script(reply.text('a, b):', { usage: FULL_USAGE }));
    const chunks = await collect(await client.completions.create({ ...asked, stream: true }));
    expect(chunks.map((chunk) => chunk.choices[0]?.text).join('')).toBe('a, b):');
    expect(chunks.every((chunk) => chunk.choices.length === 1)).toBe(true);
    expect(await newestRow(bench)).toMatchObject({ ...FULL_USAGE_ROW, streamed: true });
  });

  it('are answered by the built-in echo', async () => {
    const answer = await client.completions.create({ ...asked, model: 'ntl/echo' });
    expect(answer.choices[0]?.text).toBe('def add(');
    const { prompt_tokens: inputTokens, completion_tokens: outputTokens } = answer.usage ?? {};
    expect(await newestRow(bench)).toMatchObject({ inputTokens, outputTokens, estimated: false });
  });
});
