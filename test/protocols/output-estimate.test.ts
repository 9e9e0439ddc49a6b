import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../../gateway/protocols/endpoint.ts';
import { OutputEstimate } from '../../gateway/protocols/output-estimate.ts';

type Write = (text: string) => object;

/** How each protocol wraps a piece of text. */
const WRITERS: readonly (readonly [Endpoint, Write])[] = [
  [
    'chat',
    (content) => ({
      id: 'chatcmpl-AbCdEfGhIjKlMnOpQrStUvWxYz',
      object: 'chat.completion.chunk',
      created: 1_700_000_000,
      model: 'gpt-4o-2024-08-06',
      choices: [{ index: 0, delta: { content }, logprobs: null, finish_reason: null }],
      usage: null,
    }),
  ],
  ['completions', (text) => ({ id: 'cmpl-1', choices: [{ index: 0, text, finish_reason: null }] })],
  ['messages', (text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })],
  [
    'responses',
    (delta) => ({ type: 'response.output_text.delta', item_id: 'msg_1', output_index: 0, delta }),
  ],
];

/** Pieces as models write them: words short and long, blanks and lines of code, letters of several bytes. */
const PIECES = [
  'The',
  ' quick',
  ' brown',
  ' internationalisation',
  '.',
  '\n\n',
  '    ',
  'ß',
  ' 日本',
  '😀',
  '")',
];

function stream(write: Write, texts: readonly string[]): Buffer[] {
  return texts.map((text) => Buffer.from(`data: ${JSON.stringify(write(text))}\n\n`));
}

function estimate(endpoint: Endpoint, blocks: readonly Buffer[]): number {
  const output = new OutputEstimate(endpoint);
  for (const block of blocks) output.add(block);
  return output.textBytes;
}

describe.each(WRITERS)('the output of a stream of %s', (endpoint, write) => {
  it('is nothing before it begins', () => {
    expect(estimate(endpoint, [])).toBe(0);
    expect(estimate(endpoint, [Buffer.from(': keep-alive\n\n'), Buffer.alloc(0)])).toBe(0);
  });

  it('is exact for what is kept, however many events come at once', () => {
    const texts = Array.from({ length: 150 }, (_, index) => PIECES[index % PIECES.length] as string);
    const events = stream(write, texts);
    expect(estimate(endpoint, events)).toBe(Buffer.byteLength(texts.join('')));
    expect(estimate(endpoint, [Buffer.concat(events)])).toBe(Buffer.byteLength(texts.join('')));
  });

  it.each([
    // A little more than what is kept, and far more.
    300, 600, 20_000, 100_000,
  ])('is near the truth for %i events', (count) => {
    // Each piece comes more or less often as the answer goes on.
    const texts = Array.from(
      { length: count },
      (_, index) => PIECES[(index * index + (index >> 9)) % PIECES.length] as string,
    );
    const truth = Buffer.byteLength(texts.join(''));
    const estimated = estimate(endpoint, stream(write, texts));
    expect(estimated).toBeGreaterThan(truth * 0.8);
    expect(estimated).toBeLessThan(truth * 1.2);
  });

  it('is near the truth where every second event holds no text', () => {
    const texts = Array.from({ length: 10_000 }, (_, index) => (index % 2 === 0 ? '' : 'word '));
    const estimated = estimate(endpoint, stream(write, texts));
    expect(estimated).toBeGreaterThan(25_000 * 0.8);
    expect(estimated).toBeLessThan(25_000 * 1.2);
  });

  it('goes on over junk', () => {
    const junk = ['data: {"broken\n\n', 'data: [1]\n\n', 'data: null\n\n', ': comment\n\n', '\n\n', 'x\n\n'];
    const events = stream(write, ['one', ' two']);
    expect(estimate(endpoint, [...junk.map((one) => Buffer.from(one)), ...events])).toBe('one two'.length);
  });
});
