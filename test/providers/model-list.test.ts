import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MODALITIES } from '../../gateway/doors/admin/contract.ts';
import { EFFORTS, type ModelFacts, THINKING_MODES } from '../../gateway/protocols/model-facts.ts';
import { ModelListError } from '../../gateway/providers/listing.ts';
import { type ListedModel, parseModelPage } from '../../gateway/providers/model-list.ts';
import { serve } from './local-servers.ts';
import { CREDENTIAL, recorder, upstreamAt } from './upstream-setup.ts';

const FACT_WORDS = [
  ...['text', 'image', 'file', 'audio', 'vlm', 'llm', 'temperature', 'reasoning', 'top_p'],
  ...[...EFFORTS, ...THINKING_MODES],
];
const FACT_NAMES = [
  ...[
    'context_length',
    'context_window',
    'max_model_len',
    'max_context_length',
    'max_input_tokens',
    'context_size',
  ],
  ...['loaded_context_length', 'inputTokenLimit', 'max_completion_tokens', 'max_output_tokens', 'max_tokens'],
  ...['outputTokenLimit', 'meta', 'n_ctx', 'n_ctx_train', 'top_provider', 'architecture', 'input_modalities'],
  ...[
    'supported_parameters',
    'reasoning',
    'supported_efforts',
    'mandatory',
    'capabilities',
    'effort',
    'thinking',
  ],
  ...[
    'types',
    'supported',
    'image_input',
    'pdf_input',
    'vision',
    'supports_image_in',
    'supports_reasoning',
    'type',
  ],
  ...['ntl', 'efforts', 'sampling', 'id', 'toString', '__proto__', ...EFFORTS, ...THINKING_MODES],
];

describe('models', () => {
  const never = new AbortController().signal;
  const idsOf = async (found: Promise<ListedModel[]>) => (await found).map(({ id }) => id);
  const listing = (body: unknown, status = 200) =>
    recorder((response) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
    );

  it.each([
    [
      'OpenAI',
      { object: 'list', data: [{ id: 'a' }, { id: 'b' }, { id: 'a' }, { name: 'no id' }] },
      ['a', 'b'],
    ],
    ['a bare array', [{ id: 'a' }], ['a']],
    ['models', { models: [{ id: 'a' }] }, ['a']],
    ['Gemini', { data: [{ id: 'models/gemini-9' }] }, ['gemini-9']],
    ['an empty list', { data: [] }, []],
  ])('reads the form of %s', async (_, body, expected) => {
    const server = await listing(body);
    expect(await idsOf(upstreamAt(server.origin).models(never))).toEqual(expected);
    expect(server.seen).toMatchObject([
      { method: 'GET', url: '/v1/models', headers: { authorization: `Bearer ${CREDENTIAL}` } },
    ]);
  });

  it("follows Anthropic's pages", async () => {
    const pages = [
      { data: [{ id: 'a' }], has_more: true, last_id: 'a' },
      { data: [{ id: 'b' }], has_more: false, last_id: 'b' },
    ];
    const server = await recorder((response) => response.end(JSON.stringify(pages.shift())));
    expect(await idsOf(upstreamAt(server.origin, { kind: 'anthropic' }).models(never))).toEqual(['a', 'b']);
    expect(server.seen.map(({ url }) => url)).toEqual([
      '/v1/models?limit=1000',
      '/v1/models?limit=1000&after_id=a',
    ]);
    expect(server.seen[0]?.headers['anthropic-version']).toBe('2023-06-01');
  });

  it('keeps what was told first of a model that is listed twice', async () => {
    const server = await listing({
      data: [
        { id: 'a', context_length: 1 },
        { id: 'a', context_length: 2 },
      ],
    });
    expect(await upstreamAt(server.origin).models(never)).toEqual([{ id: 'a', facts: { contextWindow: 1 } }]);
  });

  it('gives up on pages without end', async () => {
    let count = 0;
    const server = await recorder((response) => {
      count += 1;
      response.end(JSON.stringify({ data: [{ id: `m${count}` }], has_more: true, last_id: `m${count}` }));
    });
    const found = await upstreamAt(server.origin, { kind: 'anthropic' }).models(never);
    expect(found).toHaveLength(20);
  });

  it.each([
    [401, /refused the credential/],
    [404, /base URL/],
    [302, /redirects/],
    [429, /limits requests/],
    [503, /failure of its own/],
    [418, /HTTP 418/],
  ])('explains HTTP %i', async (status, message) => {
    const server = await listing({ error: `your key ${CREDENTIAL} is bad` }, status);
    const error = await upstreamAt(server.origin)
      .models(never)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ModelListError);
    expect(error).toMatchObject({ status, message: expect.stringMatching(message) });
    expect(inspect(error)).not.toContain(CREDENTIAL);
  });

  it.each([
    ['<html>', /not JSON/],
    ['{"hello":1}', /unknown form/],
  ])('explains an answer of %s', async (body, message) => {
    const server = await recorder((response) => response.end(body));
    await expect(upstreamAt(server.origin).models(never)).rejects.toThrow(message);
  });

  it('stops reading a listing that is too long', async () => {
    const server = await serve((_, response) => {
      const megabyte = Buffer.alloc(1024 * 1024, ' ');
      const more = () => {
        while (!response.destroyed && response.write(megabyte));
      };
      response.on('drain', more);
      more();
    });
    await expect(upstreamAt(server.origin).models(never)).rejects.toThrow(/too long/);
    await server.idle();
  });
});

describe('a page', () => {
  it('of whatever JSON is read, or refused with a reason', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), listings), (text) => {
        try {
          for (const { id, facts } of parseModelPage(text).models) {
            expect(id).not.toBe('');
            expectSane(facts);
          }
        } catch (error) {
          if (!(error instanceof Error) || !/^The model listing/.test(error.message)) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** Listings whose entries have the known names with anything in them, at every depth. */
const listings = fc
  .array(
    fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.jsonValue(),
        fc.oneof(
          fc.constantFrom(...FACT_WORDS),
          fc.double(),
          fc.integer(),
          fc.constantFrom(1e300, 2 ** 53, -1, 0),
        ),
        fc.dictionary(fc.constantFrom(...FACT_NAMES), tie('value')),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.array(fc.constantFrom(...FACT_WORDS), { maxLength: 6 }),
      ),
      entry: fc
        .dictionary(fc.constantFrom(...FACT_NAMES), tie('value'))
        .map((entry) => ({ ...entry, id: 'm' })),
    })).entry,
    { maxLength: 4 },
  )
  .map((data) => JSON.stringify({ data }));

function expectSane(facts: Partial<ModelFacts>): void {
  for (const limit of [facts.contextWindow, facts.maxOutputTokens]) {
    if (limit === undefined) continue;
    expect(Number.isInteger(limit) && Number(limit) > 0 && Number(limit) <= 100_000_000).toBe(true);
  }
  const { inputModalities = [], efforts = [], thinking = [] } = facts;
  expect(MODALITIES).toEqual(expect.arrayContaining([...(inputModalities ?? [])]));
  expect(EFFORTS).toEqual(expect.arrayContaining([...(efforts ?? [])]));
  expect(THINKING_MODES).toEqual(expect.arrayContaining([...(thinking ?? [])]));
  for (const list of [inputModalities, efforts, thinking]) expect(new Set(list).size).toBe(list?.length);
  expect([true, false, undefined]).toContain(facts.sampling);
}
