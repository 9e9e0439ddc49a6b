/** Bodies of every kind on Ollama's routes: valid ones are served, broken ones are told what is wrong. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PIXEL } from '../../clients/support.ts';
import { anyMutations, mutated } from '../../hub/mutations.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { type Provider, startProvider } from '../../support/provider/provider.ts';

let gateway: TestGateway;
let provider: Provider;
beforeAll(async () => {
  gateway = await startGateway();
  provider = await startProvider();
  await gateway.publish(provider, ['claude-haiku-4-5'], { kind: 'anthropic' });
  await gateway.publish(provider, ['gpt-4o', 'gpt-3.5-turbo-instruct', 'text-embedding-3-small']);
  await gateway.admin('PATCH', '/settings', { ollama: true });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await provider.close();
});

const anyText = fc.oneof(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }), fc.constant('hi'));
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const anyOptions = fc.record(
  {
    ...{
      temperature: fc.double({ min: 0, max: 1, noNaN: true }),
      top_p: fc.constant(0.5),
      top_k: fc.nat({ max: 40 }),
    },
    ...{ num_predict: fc.constantFrom(-2, -1, 0, 1, 2_000), num_ctx: fc.nat(), seed: fc.nat({ max: 9_999 }) },
    ...{
      stop: fc.oneof(fc.constant('END'), fc.constant(['END', '']), fc.constant([])),
      mirostat: fc.constant(1),
    },
    ...{ repeat_penalty: fc.constant(1.1), numa: fc.boolean() },
  },
  { requiredKeys: [] },
);
const anyCalls = fc.array(
  fc.record({
    function: fc.record({
      name: fc.constantFrom('f', 'g'),
      arguments: fc.dictionary(anyText, fc.jsonValue({ maxDepth: 1 })),
    }),
  }),
  { minLength: 1, maxLength: 3 },
);
const anyMessage = fc.oneof(
  fc.record({ role: fc.constantFrom('user', 'system'), content: anyText }),
  fc.record({ role: fc.constant('user'), content: anyText, images: fc.constant([PIXEL]) }),
  fc.record({ role: fc.constant('assistant'), content: anyText, thinking: anyText }),
  fc.record({ role: fc.constant('assistant'), content: fc.constant(''), tool_calls: anyCalls }),
  fc.record({ role: fc.constant('tool'), content: anyText, tool_name: fc.constantFrom('f', 'g', undefined) }),
);
const TOOLS = ['f', 'g'].map((name) => ({ type: 'function', function: { name, description: name } }));
const common = {
  stream: optional(fc.boolean()),
  options: optional(anyOptions),
  keep_alive: optional(fc.constant('5m')),
};
const anyModel = fc.constantFrom('gpt-4o', 'claude-haiku-4-5', 'claude-haiku-4-5:latest', 'ntl/echo');
const think = optional(fc.constantFrom<unknown>(true, false, 'low', 'high'));
const format = optional(fc.constantFrom<unknown>('', 'json'));
const BODIES: Readonly<Record<string, fc.Arbitrary<object>>> = {
  '/api/chat': fc.record({
    ...{ ...common, think, format, model: anyModel, tools: optional(fc.constant(TOOLS)) },
    // The last word is the user's: some models refuse to go on with their own.
    messages: fc
      .array(anyMessage, { maxLength: 6 })
      .map((messages) => [...messages, { role: 'user', content: 'Answer in JSON.' }]),
  }),
  '/api/generate': fc.record({
    ...{
      ...common,
      think,
      format,
      model: anyModel,
      prompt: fc.constant('Answer in JSON.'),
      system: optional(anyText),
    },
    images: optional(fc.constantFrom([], [PIXEL])),
  }),
  '/api/embed': fc.record({
    ...{
      model: fc.constant('text-embedding-3-small'),
      input: fc.oneof(anyText, fc.array(anyText, { maxLength: 3 })),
    },
    truncate: optional(fc.boolean()),
  }),
  '/api/embeddings': fc.record({ model: fc.constant('text-embedding-3-small'), prompt: anyText }),
  '/api/show': fc.record({ model: anyModel, verbose: optional(fc.boolean()) }),
};

describe.each(Object.entries(BODIES))('%s', (path, anyBody) => {
  it('serves a valid body', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(anyBody, async (body) => {
        const { status, body: answer } = await gateway.post(path, body, { key: '' });
        expect([status, answer]).toEqual([200, expect.anything()]);
        expect(JSON.stringify(answer)).not.toContain('"error"');
      }),
      { numRuns: 40 },
    );
  });

  it('says what is wrong with a broken one', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(anyBody, anyMutations, async (body, mutations) => {
        const { status, body: answer } = await gateway.post(path, mutated(body, mutations), { key: '' });
        expect([200, 400, 502]).toContain(status);
        if (status !== 200) expect(answer.error).toMatch(/\w{3}/);
        // What one provider refuses is no failure of its own.
        if (status === 502) expect(answer.error).not.toMatch(/inside the gateway|failed to handle/);
      }),
      { numRuns: 60 },
    );
  });

  it('refuses what is no JSON object, and what is nested too deep', async () => {
    const deep = `${'[{"x":'.repeat(50_000)}1${'}]'.repeat(50_000)}`;
    const model = path.startsWith('/api/embed') ? 'text-embedding-3-small' : 'claude-haiku-4-5';
    const least = `"model":"${model}","messages":[{"role":"user","content":"x"}],"prompt":"x","input":"x","stream":false`;
    for (const body of ['', '[]', 'null', '{"model":', '{"model":5}', '{}', 'x'.repeat(99)]) {
      const { status, body: answer } = await gateway.post(path, body, { key: '' });
      expect([status, typeof answer.error], body).toEqual([400, 'string']);
    }
    for (const field of [
      'format',
      'options',
      'tools',
      'messages',
      'think',
      'keep_alive',
      'input',
      'prompt',
      'images',
    ]) {
      const { status } = await gateway.post(path, `{${least},"${field}":${deep}}`, { key: '' });
      expect([200, 400], field).toContain(status);
    }
  });
});
