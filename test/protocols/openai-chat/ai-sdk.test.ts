import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { streamText, tool } from 'ai';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { finishedBy } from '../../../gateway/protocols/canonical/answer.ts';
import { eventsOf } from '../../../gateway/protocols/canonical/events-of.ts';
import { NO_TOKENS } from '../../../gateway/protocols/usage.ts';
import { encodeEvents } from './support.ts';

const sse = encodeEvents(
  eventsOf({
    parts: [
      { type: 'reasoning', text: 'Hm.', replay: null },
      { type: 'text', text: 'Reading.' },
      { type: 'tool_call', id: 'a', name: 'read', kind: 'function', input: '{"path":"a"}' },
      { type: 'tool_call', id: 'b', name: 'read', kind: 'function', input: '{"path":"b"}' },
    ],
    finish: finishedBy('tool_calls'),
    usage: { ...NO_TOKENS, inputTokens: 10, outputTokens: 5, cachedTokens: 4, reasoningTokens: 2 },
  }),
  { usageChunk: true },
);

describe('the AI SDK, as many agents have it inside', () => {
  it('reads thoughts, text, calls and usage of a stream', async () => {
    const provider = createOpenAICompatible({
      name: 'gateway',
      baseURL: 'http://127.0.0.1/v1',
      includeUsage: true,
      fetch: async () => new Response(sse, { headers: { 'content-type': 'text/event-stream' } }),
    });
    const result = streamText({
      model: provider('m'),
      prompt: 'Hi',
      tools: { read: tool({ inputSchema: z.object({ path: z.string() }) }) },
    });
    expect(await result.reasoningText).toBe('Hm.');
    expect(await result.text).toBe('Reading.');
    expect((await result.toolCalls).map(({ toolCallId, input }) => [toolCallId, input])).toEqual([
      ['a', { path: 'a' }],
      ['b', { path: 'b' }],
    ]);
    expect(await result.finishReason).toBe('tool-calls');
    expect(await result.usage).toMatchObject({ inputTokens: 10, outputTokens: 5 });
  });
});
