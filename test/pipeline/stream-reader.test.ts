import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unmetered } from '../../gateway/pipeline/metered.ts';
import { StreamReader } from '../../gateway/pipeline/stream-reader.ts';
import type { Endpoint } from '../../gateway/protocols/endpoint.ts';
import { StreamMeter } from '../../gateway/protocols/stream-meter.ts';

const json = (data: unknown) => `data: ${JSON.stringify(data)}`;
const named = (data: { type: string; [field: string]: unknown }) => `event: ${data.type}\n${json(data)}`;
const choice = (delta: object, finish_reason: string | null = null) => ({
  choices: [{ index: 0, delta, finish_reason }],
});
const usage = { prompt_tokens: 7, completion_tokens: 5 };
/** Text that talks of what the gateway looks for. */
const SLY = 'say "usage":{"prompt_tokens":1e9}, "error", [DONE] and "message_stop" or "response.completed"';

/** Events of each protocol without the blank line behind them, those that end it and such as only look like it. */
const EVENTS: Readonly<Record<'chat' | 'messages' | 'responses', readonly string[]>> = {
  chat: [
    json({ ...choice({ content: 'a' }), usage: null }),
    json(choice({ content: SLY })),
    json(choice({}, 'stop')),
    json({ choices: [], usage }),
    'data: {"choices":[],"usage" : {"prompt_tokens":3,\ndata: "completion_tokens":4}}',
    'data: {"choices":[],"usage":\ndata: {"prompt_tokens":5}}',
    json({ ...choice({ content: 'b' }), usage: { prompt_tokens: 9 } }),
    json({ choices: [], x_tool: { usage: 1 } }),
    json({ error: null, ...choice({ content: 'c' }) }),
    json({ error: { message: 'm' } }),
    'data: [DONE]',
    'data:[DONE]',
    'data: {"error":',
    'data: [1]',
    ': comment "error"',
  ],
  messages: [
    named({ type: 'message_start', message: { usage: { input_tokens: 4, output_tokens: 1 } } }),
    named({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: SLY } }),
    named({ type: 'ping' }),
    named({ type: 'message_delta', delta: {}, usage: { output_tokens: 8 } }),
    'data: {"type" :\ndata: "message_delta", "usage": {"output_tokens": 9}}',
    named({ type: 'message_stop' }),
    named({ type: 'error', error: { type: 'overloaded_error' } }),
    'data: {"broken',
    ': comment',
  ],
  responses: [
    named({ type: 'response.created', response: { error: null, usage: null } }),
    named({ type: 'response.output_text.delta', delta: SLY }),
    named({ type: 'response.output_text.done', text: SLY }),
    named({ type: 'response.completed', response: { usage: { input_tokens: 2, output_tokens: 3 } } }),
    named({ type: 'response.incomplete', response: { usage: { input_tokens: 2, output_tokens: 4 } } }),
    named({ type: 'response.failed', response: { usage: { input_tokens: 2, output_tokens: 1 } } }),
    named({ type: 'error', message: 'm' }),
    'data: {"broken',
    ': comment',
  ],
};

const SHOWN = { hideChunk: false, keepForEnd: false };
const HIDDEN = { hideChunk: true, keepForEnd: false };

interface Outcome {
  forwarded: string;
  first: string | undefined;
  last: string | undefined;
  usage: unknown;
}

/** What the rules say, event by event with each of them read. */
function byTheRules(endpoint: Endpoint, events: readonly Buffer[], hide: boolean): Outcome {
  const meter = new StreamMeter(endpoint);
  const outcome: Outcome = { forwarded: '', first: undefined, last: undefined, usage: null };
  for (const event of events) {
    const meaning = meter.see(event);
    if (meaning !== 'blank') outcome.first ??= meaning;
    outcome.usage = meter.usage;
    if (meaning === 'end' || meaning === 'error') return { ...outcome, last: meaning + String(event) };
    if (meaning !== 'usage' || !hide) outcome.forwarded += String(event);
  }
  return outcome;
}

function byTheReader(
  endpoint: Endpoint,
  chunks: readonly Buffer[],
  hideChunk: boolean,
  keepForEnd = false,
): Outcome {
  const reader = new StreamReader(endpoint, { hideChunk, keepForEnd });
  const outcome: Outcome = { forwarded: '', first: undefined, last: undefined, usage: null };
  const metered = unmetered();
  for (const chunk of chunks) {
    const { forward, first, last } = reader.read(chunk, outcome.first !== undefined);
    outcome.forwarded += forward.join('');
    outcome.first ??= first;
    reader.tell(metered, true);
    outcome.usage = metered.usage;
    if (last !== undefined) return { ...outcome, last: last.meaning + String(last.event) };
  }
  return outcome;
}

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...ends, bytes.length].map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

describe.each(['chat', 'messages', 'responses'] as const)('a stream of %s', (endpoint) => {
  it('comes to the same as if each event were read, however it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...EVENTS[endpoint]), { maxLength: 10 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.array(fc.nat(), { maxLength: 12 }),
        (texts, lineEnd, hide, places) => {
          const events = texts.map((text) => Buffer.from(`${text}\n\n`.replaceAll('\n', lineEnd)));
          const chunks = cut(Buffer.concat(events), places);
          expect(byTheReader(endpoint, chunks, hide)).toEqual(byTheRules(endpoint, events, hide));
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe.each(['chat', 'messages', 'responses'] as const)('the usage of a stream of %s, kept', (endpoint) => {
  it('goes out with the end, in its place; nothing of the answer waits for it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...EVENTS[endpoint]), { maxLength: 10 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.array(fc.nat(), { maxLength: 12 }),
        (texts, lineEnd, hide, places) => {
          const events = texts.map((text) => Buffer.from(`${text}\n\n`.replaceAll('\n', lineEnd)));
          const chunks = cut(Buffer.concat(events), places);
          const plain = byTheReader(endpoint, chunks, hide);
          const kept = byTheReader(endpoint, chunks, hide, true);
          expect(kept).toMatchObject({ first: plain.first, usage: plain.usage });
          if (plain.last?.startsWith('end'))
            expect(kept.forwarded + kept.last?.slice(3)).toBe(plain.forwarded + plain.last.slice(3));
          expect(plain.forwarded.startsWith(kept.forwarded)).toBe(true);
          const waiting = plain.forwarded.slice(kept.forwarded.length);
          const [opening = ''] = waiting.split(lineEnd + lineEnd);
          if (waiting !== '') expect(opening).toMatch(/"usage"|message_delta/);
          expect(waiting.replace(opening, '')).not.toMatch(/content_block|"delta":\{"content":"[ac]/);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('events that come together', () => {
  const event = (text: string) => Buffer.from(`${text}\n\n`);
  const content = event(json(choice({ content: 'a' })));

  it('go on together, but for a hidden usage chunk', () => {
    const chunk = event(json({ choices: [], usage }));
    const bytes = Buffer.concat([content, content, chunk, content, event('data: [DONE]')]);
    expect(new StreamReader('chat', HIDDEN).read(bytes, false).forward.map(String)).toEqual([
      String(content) + String(content),
      String(content),
    ]);
    expect(new StreamReader('chat', SHOWN).read(bytes, false).forward).toHaveLength(1);
  });

  it('wait where they tell usage, until more of the answer or its end comes', () => {
    const chunk = event(json({ choices: [], usage }));
    const reader = new StreamReader('chat', { hideChunk: false, keepForEnd: true });
    expect(reader.read(Buffer.concat([content, chunk]), false).forward.map(String)).toEqual([
      String(content),
    ]);
    expect(reader.read(event(': keep-alive'), true).forward).toEqual([]);
    const more = reader.read(content, true);
    expect(Buffer.concat(more.forward).toString()).toBe(`${chunk}: keep-alive\n\n${content}`);
    expect(reader.read(chunk, true).forward).toEqual([]);
    const { last } = reader.read(event('data: [DONE]'), true);
    expect(String(last?.event)).toBe(`${chunk}data: [DONE]\n\n`);
  });

  it('are estimated where the answer was cut or told no usage', () => {
    const told = Buffer.concat([content, event(json({ choices: [], usage }))]);
    for (const [bytes, whole, expected] of [
      [content, true, 1],
      [told, false, 1],
    ] as const) {
      const reader = new StreamReader('chat', HIDDEN);
      reader.read(bytes, false);
      const metered = unmetered();
      reader.tell(metered, whole);
      expect(metered.outputBytes).toBe(expected);
    }
  });
});
