/** The fastest provider there can be: answers from memory. Run as a process of its own; prints its port. */
import { createServer, type ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';

const JSON_ANSWER = Buffer.from(
  JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: 'm',
    choices: [
      { index: 0, message: { role: 'assistant', content: 'word '.repeat(100) }, finish_reason: 'stop' },
    ],
    usage: { prompt_tokens: 200, completion_tokens: 100, total_tokens: 300 },
  }),
);
const DELTA = `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta: { content: 'word ' }, finish_reason: null }] })}\n\n`;
const LAST = `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\n`;
const USAGE = `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [], usage: { prompt_tokens: 200, completion_tokens: 100, total_tokens: 300 } })}\n\n`;
const STREAM = [...Array.from({ length: 100 }, () => DELTA), LAST, USAGE, 'data: [DONE]\n\n'];

const server = createServer((request, response) => {
  let streams = false;
  let paced = false;
  request.on('data', (chunk: Buffer) => {
    streams ||= chunk.includes('"stream":true');
    paced ||= chunk.includes('"paced":true');
  });
  request.on('end', () => {
    if (!streams) {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': JSON_ANSWER.length });
      response.end(JSON_ANSWER);
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (paced) {
      void sendPaced(response);
      return;
    }
    for (const event of STREAM) response.write(event);
    response.end();
  });
});

/** Each event in a packet of its own, as models write. */
async function sendPaced(response: ServerResponse): Promise<void> {
  for (const event of STREAM) {
    response.write(event);
    await nextTurn();
  }
  response.end();
}

server.listen(0, '127.0.0.1', () => console.log(JSON.stringify(server.address())));
