/** How the provider delivers: pieces, line ends, encodings, lengths. */
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { collect } from './collect.ts';
import { openPost } from './open-post.ts';
import { type Provider, startProvider } from './provider.ts';
import { reply } from './reply.ts';

let provider: Provider;
let openai: OpenAI;
let anthropic: Anthropic;

beforeEach(async () => {
  provider = await startProvider();
  openai = new OpenAI({
    baseURL: `${provider.url}/v1`,
    apiKey: 'sk-provider',
    maxRetries: 0,
    logLevel: 'off',
  });
  anthropic = new Anthropic({ baseURL: provider.url, apiKey: 'sk-provider', maxRetries: 0, logLevel: 'off' });
});
afterEach(() => provider.close());

const messages = [{ role: 'user' as const, content: 'hi' }];
const chat = { model: 'gpt-4o', messages };
const claude = { model: 'claude-haiku-4-5', max_tokens: 100, messages };
const speech = 'grüße 😀 an alle';

const open = (body: object, path?: string) => openPost(provider.url, body, path);
async function bytesOf(response: IncomingMessage): Promise<Buffer> {
  return Buffer.concat(await collect<Buffer>(response));
}

const streamedChat = () => openai.chat.completions.create({ ...chat, stream: true });

async function said(): Promise<string> {
  const chunks = await collect(await streamedChat());
  return chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');
}

describe('odd but legal streams', () => {
  test.each([
    ['CRLF', reply.lineEnd(reply.text(speech), '\r\n'), /\r\n\r\n/],
    ['CR', reply.lineEnd(reply.text(speech), '\r'), /\r\r/],
    ['keep-alives', reply.keepAlives(reply.text(speech)), /: keep-alive\n\n/],
    ['one write for everything', reply.joined(reply.text(speech)), /\n\n/],
    ['pieces of one byte', reply.split(reply.text(speech), 1), /\n\n/],
    ['pieces through characters', reply.split(reply.text(speech), 7), /\n\n/],
  ])('%s', async (_, scripted, pattern) => {
    provider.script(scripted);
    expect(await text(await open({ ...chat, stream: true }))).toMatch(pattern);
    expect(await said()).toBe(speech);
    const message = await anthropic.messages.stream(claude).finalMessage();
    expect(message.content).toMatchObject([{ text: speech }]);
  });

  test('pieces are what they are said to be', async () => {
    provider.script(reply.split(reply.text(speech), 1), reply.joined(reply.text(speech)));
    const length = (await bytesOf(await open({ ...chat, stream: true }))).length;
    await open({ ...chat, stream: true }).then(bytesOf);
    expect(provider.requests.map((request) => request.piecesSent)).toEqual([length, 1]);
  });

  test('Anthropic’s ping', async () => {
    provider.script(reply.keepAlives(reply.text('x')));
    expect(await text(await open({ ...claude, stream: true }, '/v1/messages'))).toContain(
      'event: ping\ndata: {"type":"ping"}\n\n',
    );
  });

  test('JSON for a stream request, and junk', async () => {
    provider.script(reply.asJson(reply.text('whole')), reply.junk());
    const whole = await open({ ...chat, stream: true });
    expect(whole.headers['content-type']).toBe('application/json');
    expect(JSON.parse(await text(whole)).choices[0].message.content).toBe('whole');
    await expect(said()).rejects.toThrow();
  });
});

describe('compressed answers', () => {
  const decoders = {
    gzip: gunzipSync,
    br: brotliDecompressSync,
    deflate: inflateSync,
    zstd: zstdDecompressSync,
  };

  test.each(Object.keys(decoders) as (keyof typeof decoders)[])(
    '%s: streams and error bodies',
    async (encoding) => {
      provider.script(
        reply.compressed(reply.text(speech), encoding),
        reply.compressed(reply.status(429), encoding),
      );
      const stream = await open({ ...chat, stream: true });
      expect(stream.headers['content-encoding']).toBe(encoding);
      expect(decoders[encoding](await bytesOf(stream)).toString()).toContain('[DONE]');
      const refused = await open(chat);
      expect(refused.statusCode).toBe(429);
      expect(JSON.parse(decoders[encoding](await bytesOf(refused)).toString()).error.code).toBe(
        'rate_limit_exceeded',
      );
    },
  );

  test('are flushed at each event', async () => {
    provider.script(reply.compressed(reply.gated(reply.text('one two')), 'gzip'));
    const stream = await streamedChat();
    const request = await provider.nextRequest();
    const chunks = stream[Symbol.asyncIterator]();
    await request.release(2);
    await chunks.next();
    expect((await chunks.next()).value?.choices[0]?.delta.content).toBe('one');
    request.releaseAll();
  });
});

test('a wrong content-length', async () => {
  provider.script(reply.wrongLength(reply.text('hi'), 10), reply.wrongLength(reply.text('hi'), -10));
  await expect(text(await open(chat))).rejects.toThrow('aborted');
  const short = await text(await open(chat));
  expect(() => JSON.parse(short)).toThrow();
});
