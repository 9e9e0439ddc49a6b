import { describe, expect, it } from 'vitest';
import {
  type CanonicalAnswer,
  type FinishReason,
  finishedBy,
} from '../../../gateway/protocols/canonical/answer.ts';
import { type Replay, wrapReplay } from '../../../gateway/protocols/canonical/replay.ts';
import type { AssistantPart } from '../../../gateway/protocols/canonical/request.ts';
import { chatCodec } from '../../../gateway/protocols/openai-chat/codec.ts';
import { NO_TOKENS } from '../../../gateway/protocols/usage.ts';
import { context } from './support.ts';

function encode(answer: Partial<CanonicalAnswer>) {
  return chatCodec.encodeAnswer({ parts: [], finish: finishedBy('stop'), usage: null, ...answer }, context());
}

const message = (...parts: AssistantPart[]) => encode({ parts }).choices;
const replay: Replay = {
  protocol: 'anthropic-messages',
  providerId: 'p',
  id: null,
  data: 'c2ln',
  redacted: false,
};

describe('a chat completion', () => {
  it('has its head, its message and its usage', () => {
    const usage = {
      ...NO_TOKENS,
      inputTokens: 100,
      outputTokens: 20,
      cachedTokens: 60,
      cacheWriteTokens: 30,
      reasoningTokens: 8,
    };
    expect(encode({ parts: [{ type: 'text', text: 'Hi' }], usage })).toEqual({
      id: 'chatcmpl-0199f2d1-2b5f-7000-8000-000000000000',
      object: 'chat.completion',
      created: 1_700_000_000,
      model: 'the-model',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Hi', refusal: null },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: {
        prompt_tokens: 100,
        completion_tokens: 20,
        total_tokens: 120,
        prompt_tokens_details: { cached_tokens: 60, cache_write_tokens: 30 },
        completion_tokens_details: { reasoning_tokens: 8 },
      },
    });
  });

  it('tells no usage that nobody told', () => {
    expect(encode({})).not.toHaveProperty('usage');
  });

  it('has a null content for calls alone', () => {
    const call = { type: 'tool_call', id: 'c', name: 'f' } as const;
    expect(
      message(
        { ...call, kind: 'function', input: '{"n":1}' },
        { ...call, kind: 'custom', input: '*** Begin' },
      ),
    ).toMatchObject([
      {
        message: {
          content: null,
          tool_calls: [
            { id: 'c', type: 'function', function: { name: 'f', arguments: '{"n":1}' } },
            { id: 'c', type: 'custom', custom: { name: 'f', input: '*** Begin' } },
          ],
        },
      },
    ]);
  });

  it('has an empty object for no arguments, and free text as it is', () => {
    const call = { type: 'tool_call', id: 'c', name: 'f', input: '' } as const;
    expect(message({ ...call, kind: 'function' }, { ...call, kind: 'custom' })).toMatchObject([
      { message: { tool_calls: [{ function: { arguments: '{}' } }, { custom: { input: '' } }] } },
    ]);
  });

  it('has thoughts as text, and those that must come back as details beside it', () => {
    const hidden = { ...replay, redacted: true };
    expect(
      message(
        { type: 'reasoning', text: 'A', replay },
        { type: 'reasoning', text: '', replay: hidden },
        { type: 'reasoning', text: 'B', replay: { ...replay, data: '' } },
        { type: 'reasoning', text: 'C', replay: null },
        { type: 'text', text: 'Yes.' },
      ),
    ).toMatchObject([
      {
        message: {
          content: 'Yes.',
          reasoning_content: 'A\n\nB\n\nC',
          reasoning_details: [
            { type: 'reasoning.text', text: 'A', signature: wrapReplay(replay), index: 0 },
            { type: 'reasoning.encrypted', data: wrapReplay(hidden), index: 1 },
          ],
        },
      },
    ]);
  });

  it('has a refusal in its own field', () => {
    expect(message({ type: 'refusal', text: 'I cannot.' })).toMatchObject([
      { message: { content: null, refusal: 'I cannot.' } },
    ]);
  });

  it('has sources with addresses as annotations over the text they are of', () => {
    const source = { title: null, quote: 'Q' };
    const [choice] = message(
      { type: 'text', text: 'It is ' },
      {
        type: 'text',
        text: 'warm',
        citations: [
          { ...source, url: 'https://example.com' },
          { ...source, url: null },
        ],
      },
    ) as [{ message: unknown }];
    expect(choice.message).toMatchObject({
      content: 'It is warm',
      annotations: [
        {
          type: 'url_citation',
          url_citation: {
            url: 'https://example.com',
            title: 'https://example.com',
            start_index: 6,
            end_index: 10,
            content: 'Q',
          },
        },
      ],
    });
  });

  it('leaves out parts that another protocol alone knows', () => {
    const opaque = { type: 'opaque', protocol: 'anthropic-messages', name: 'x', raw: {} } as const;
    expect(message(opaque)).toMatchObject([{ message: { role: 'assistant', content: '', refusal: null } }]);
  });

  it.each<[FinishReason, string]>([
    ['stop', 'stop'],
    ['stop_sequence', 'stop'],
    ['tool_calls', 'tool_calls'],
    ['length', 'length'],
    ['context_window', 'length'],
    ['content_filter', 'content_filter'],
    ['refusal', 'content_filter'],
    ['pause', 'stop'],
  ])('that ended by %s says %s', (reason, word) => {
    expect(encode({ finish: finishedBy(reason) })).toMatchObject({ choices: [{ finish_reason: word }] });
  });

  it('that refuses in words ends as OpenAI ends it, and tells the details', () => {
    const details = { category: 'x' };
    expect(
      encode({
        parts: [{ type: 'refusal', text: 'No.' }],
        finish: { reason: 'refusal', stopSequence: null, details },
      }),
    ).toMatchObject({ choices: [{ finish_reason: 'stop', stop_details: details }] });
  });
});
