/** What the scripted provider answers, and what must arrive of it. */
import type { Protocol, Script } from './calls.ts';

const WORD = 'word ';

/** Words of an answer: each is one event of a stream. */
const WORDS = { json: 100, fast: 100, paced: 20 } as const satisfies Record<Script, number>;

/** The answer as the client has to read it. */
export function answerText(script: Script): string {
  return WORD.repeat(WORDS[script]);
}

/** The last event of a stream, as it is found in its last bytes. */
export const STREAM_END = { chat: '[DONE]', messages: 'message_stop' } as const satisfies Record<
  Protocol,
  string
>;

export function jsonAnswer(protocol: Protocol): string {
  const text = answerText('json');
  return JSON.stringify(
    protocol === 'chat'
      ? {
          id: 'chatcmpl-1',
          object: 'chat.completion',
          created: 1_700_000_000,
          model: 'm',
          choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
          usage: { prompt_tokens: 200, completion_tokens: 100, total_tokens: 300 },
        }
      : {
          id: 'msg_1',
          type: 'message',
          role: 'assistant',
          model: 'm',
          content: [{ type: 'text', text }],
          stop_reason: 'end_turn',
          stop_sequence: null,
          usage: { input_tokens: 200, output_tokens: 100 },
        },
  );
}

/** @returns server-sent events, each as it is sent */
export function streamAnswer(protocol: Protocol, script: Script): string[] {
  return protocol === 'chat' ? chatEvents(WORDS[script]) : messagesEvents(WORDS[script]);
}

function chatEvents(words: number): string[] {
  const chunk = (fields: object): string =>
    `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_700_000_000, model: 'm', ...fields })}\n\n`;
  const delta = (content: object, finish_reason: string | null): string =>
    chunk({ choices: [{ index: 0, delta: content, finish_reason }] });
  return [
    ...Array.from({ length: words }, () => delta({ content: WORD }, null)),
    delta({}, 'stop'),
    chunk({ choices: [], usage: { prompt_tokens: 200, completion_tokens: 100, total_tokens: 300 } }),
    'data: [DONE]\n\n',
  ];
}

function messagesEvents(words: number): string[] {
  const event = (type: string, fields: object): string =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content: [] };
  const usage = { input_tokens: 200, output_tokens: 1 };
  return [
    event('message_start', { message: { ...message, stop_reason: null, stop_sequence: null, usage } }),
    event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
    ...Array.from({ length: words }, () =>
      event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: WORD } }),
    ),
    event('content_block_stop', { index: 0 }),
    event('message_delta', {
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { output_tokens: 100 },
    }),
    event('message_stop', {}),
  ];
}
