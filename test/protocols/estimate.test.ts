import { describe, expect, it } from 'vitest';
import { estimateInput } from '../../gateway/protocols/estimate.ts';

const BASE64 = 'QUJD'.repeat(100_000);

function tokens(content: unknown): number {
  return estimateInput({ content: content as object }).tokens;
}

describe('the estimate of an input', () => {
  it('counts a token for four bytes of text, wherever it stands', () => {
    expect(tokens('x'.repeat(400))).toBe(100);
    const spread = {
      system: 'x'.repeat(100),
      messages: [{ content: [{ text: 'x'.repeat(200) }] }],
      tools: [{ description: 'x'.repeat(100) }],
    };
    expect(estimateInput(spread).tokens).toBe(100);
    expect(estimateInput({}).tokens).toBe(0);
  });

  it('counts what a service wraps each turn in', () => {
    const turn = (role: string, content: string) => ({ role, content });
    const alone = estimateInput({ messages: [turn('user', 'hi')] }).tokens;
    const three = [turn('user', 'hi'), turn('assistant', 'hi'), turn('user', 'hi')];
    // OpenAI counts 8 tokens for the one, Anthropic 8.
    expect(alone).toBe(8);
    expect(estimateInput({ messages: three }).tokens).toBeGreaterThanOrEqual(3 * alone - 1);
  });

  it('is not far off where a letter takes three bytes', () => {
    expect(tokens('日本語の文章'.repeat(100))).toBe(450);
  });

  it.each([
    ['Chat Completions', { type: 'image_url', image_url: { url: `data:image/png;base64,${BASE64}` } }],
    ['Responses', { type: 'input_image', image_url: `data:image/png;base64,${BASE64}` }],
    ['Messages', { type: 'image', source: { type: 'base64', media_type: 'image/png', data: BASE64 } }],
  ])('counts a picture of %s by the piece', (_protocol, part) => {
    const { tokens: counted, images } = estimateInput({ messages: [{ content: [part, part] }] });
    expect(images).toBe(2);
    expect(counted).toBeGreaterThan(2_000);
    expect(counted).toBeLessThan(4_000);
  });

  it.each([
    [
      'a document of Messages',
      { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: BASE64 } },
    ],
    [
      'a file of Chat Completions',
      { type: 'file', file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${BASE64}` } },
    ],
    ['sound', { type: 'input_audio', input_audio: { data: BASE64, format: 'wav' } }],
  ])('does not take the base64 of %s for text', (_name, part) => {
    expect(estimateInput({ messages: [{ content: [part] }] }).tokens).toBeLessThan(100);
  });

  it('counts text that only begins like a data URL', () => {
    expect(tokens(`data: ${'x'.repeat(394)}`)).toBe(100);
    expect(tokens('data:text that goes on '.repeat(100))).toBeGreaterThan(500);
    expect(estimateInput({ tool: { type: 'json', data: 'x'.repeat(400) } }).tokens).toBeGreaterThanOrEqual(
      100,
    );
  });

  it('counts token numbers as tokens', () => {
    expect(estimateInput({ input: [1, 2, 3, 4, 5] }).tokens).toBe(5);
    expect(estimateInput({ input: [[1, 2], [3]] }).tokens).toBe(3);
    expect(estimateInput({ prompt: [1, 'x'.repeat(400)] }).tokens).toBe(101);
  });

  it('survives a body as deep as it is long, and huge arrays', () => {
    const deep = JSON.parse(`{"a":${'['.repeat(500_000)}"four"${']'.repeat(500_000)}}`);
    expect(estimateInput(deep).tokens).toBe(1);
    expect(estimateInput({ input: new Array(1_000_000).fill(7) }).tokens).toBe(1_000_000);
    expect(estimateInput({ input: new Array(300_000).fill('four') }).tokens).toBe(300_000);
  });
});
