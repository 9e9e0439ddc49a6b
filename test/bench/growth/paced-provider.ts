import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const event = (delta: object, more: object = {}) =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason: null, ...more }] })}\n\n`;
const WORD = event({ content: 'word ' });
const END = `${event({}, { finish_reason: 'stop' })}data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [], usage: { prompt_tokens: 20, completion_tokens: 9, total_tokens: 29 } })}\n\ndata: [DONE]\n\n`;

export interface PacedProvider {
  origin: string;
  /** Streams that are open now. */
  open: () => number;
  /** Ends all of them as a model ends an answer. */
  finish: () => void;
  close: () => void;
}

/** A provider whose streams say a word each `everyMs` and go on until they are told to end. */
export async function pacedProvider(everyMs: number): Promise<PacedProvider> {
  const open = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(WORD);
      open.add(response);
      response.once('close', () => open.delete(response));
    });
  });
  // A few at a time, as words of many models come.
  let turn = 0;
  const timer = setInterval(() => {
    turn += 1;
    for (const [index, response] of [...open].entries()) if (index % 10 === turn % 10) response.write(WORD);
  }, everyMs / 10);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 4_096, resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    open: () => open.size,
    finish() {
      for (const response of open) response.end(END);
    },
    close() {
      clearInterval(timer);
      server.close();
      server.closeAllConnections();
    },
  };
}
