import type { Socket } from 'node:net';
import type { Asked } from './raw-provider.ts';

/** Answers in Chat Completions as they go over the wire, to be broken. */

const USAGE = { prompt_tokens: 5, completion_tokens: 3, total_tokens: 8 };
const CHAT_CHUNK = { id: 'c-1', object: 'chat.completion.chunk', created: 1, model: 'm' };

export const JSON_ANSWER = JSON.stringify({
  id: 'c-1',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'all of it' }, finish_reason: 'stop' }],
  usage: USAGE,
});

/** The event with a piece of the answer. */
export function delta(content: string): string {
  const choices = [{ index: 0, delta: { role: 'assistant', content }, finish_reason: null }];
  return `data: ${JSON.stringify({ ...CHAT_CHUNK, choices })}\n\n`;
}

export const STREAM_END = `data: ${JSON.stringify({
  ...CHAT_CHUNK,
  choices: [{ index: 0, delta: {}, finish_reason: 'stop' }],
  usage: USAGE,
})}\n\ndata: [DONE]\n\n`;

export const EVENTS = delta('all of ') + delta('it') + STREAM_END;

/** @param fields more header fields, a line each */
export function head(type: 'json' | 'sse', ...fields: string[]): string {
  const types = { json: 'application/json', sse: 'text/event-stream' };
  return [`HTTP/1.1 200 OK`, `content-type: ${types[type]}`, ...fields, '', ''].join('\r\n');
}

/** Of a chunked body (RFC 9112 §7.1). */
export function chunk(bytes: string | Buffer): Buffer {
  const data = Buffer.from(bytes);
  return Buffer.concat([Buffer.from(`${data.length.toString(16)}\r\n`), data, Buffer.from('\r\n')]);
}

/** All of a sound answer. */
export function wholeAnswer({ stream }: Asked): string {
  if (stream) return head('sse', 'transfer-encoding: chunked') + chunk(EVENTS) + chunk('');
  return head('json', `content-length: ${JSON_ANSWER.length}`) + JSON_ANSWER;
}

/** An answer that has begun well and is not whole: a first event, or half the JSON. */
export function begunAnswer({ stream }: Asked): string {
  if (stream) return head('sse', 'transfer-encoding: chunked') + chunk(delta('all of '));
  return head('json', `content-length: ${JSON_ANSWER.length}`) + JSON_ANSWER.slice(0, 60);
}

/** The content whole, with a head of one's own: for what is wrong with the head, or with what follows. */
export function content({ stream }: Asked): { type: 'json' | 'sse'; text: string } {
  return stream ? { type: 'sse', text: EVENTS } : { type: 'json', text: JSON_ANSWER };
}

/** Writes piece after piece, each in a turn of the event loop of its own, until the other side has had enough. */
export async function drip(socket: Socket, pieces: Iterable<string | Buffer>): Promise<void> {
  let goOn: () => void = () => undefined;
  socket.setNoDelay(true);
  socket.on('drain', () => goOn()).once('close', () => goOn());
  for (const piece of pieces) {
    if (socket.destroyed) return;
    const turn = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    if (socket.write(piece)) setImmediate(goOn);
    await turn;
  }
}
