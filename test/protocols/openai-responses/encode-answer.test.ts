import { describe, expect, it } from 'vitest';
import { type CanonicalAnswer, finishedBy } from '../../../gateway/protocols/canonical/answer.ts';
import { eventsOf } from '../../../gateway/protocols/canonical/events-of.ts';
import { responsesCodec } from '../../../gateway/protocols/openai-responses/codec.ts';
import { NO_TOKENS } from '../../../gateway/protocols/usage.ts';
import { context, dataOf, encodedStream } from './support.ts';

const ANSWER: CanonicalAnswer = {
  parts: [
    { type: 'reasoning', text: 'thought', replay: null },
    {
      type: 'text',
      text: 'So.',
      citations: [{ url: 'https://a.example', title: 'A', quote: null }],
    },
    { type: 'tool_call', id: 'call_1', name: 'f', kind: 'function', input: '' },
  ],
  finish: finishedBy('tool_calls'),
  usage: { ...NO_TOKENS, inputTokens: 3, outputTokens: 2 },
};

describe('a whole answer for a caller', () => {
  it('is a response with its items', () => {
    expect(responsesCodec.encodeAnswer(ANSWER, context())).toMatchObject({
      object: 'response',
      status: 'completed',
      output: [
        { type: 'reasoning', summary: [{ type: 'summary_text', text: 'thought' }], encrypted_content: null },
        { type: 'message', content: [{ type: 'output_text', text: 'So.', annotations: [{ title: 'A' }] }] },
        { type: 'function_call', call_id: 'call_1', name: 'f', arguments: '{}', status: 'completed' },
      ],
      usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5 },
    });
  });

  it('is the last response of the stream that it would be', () => {
    const [last] = dataOf(encodedStream(eventsOf(ANSWER))).slice(-1);
    expect(responsesCodec.encodeAnswer(ANSWER, context())).toEqual(last?.response);
  });
});
