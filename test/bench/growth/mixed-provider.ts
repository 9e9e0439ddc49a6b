import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const CHOICE = { index: 0, message: { role: 'assistant', content: 'word' }, finish_reason: 'stop' };
const USAGE = { prompt_tokens: 20, completion_tokens: 9, total_tokens: 29 };
const ANSWER = JSON.stringify({
  ...{ id: 'c', object: 'chat.completion', created: 1, model: 'm' },
  choices: [CHOICE],
  usage: USAGE,
});
const chunk = (rest: object) =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', ...rest })}\n\n`;
const WORD = chunk({ choices: [{ index: 0, delta: { content: 'word ' }, finish_reason: null }] });
const END = `${chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}${chunk({ choices: [], usage: USAGE })}data: [DONE]\n\n`;
const WORD_MS = 10;

/** A provider that answers at once, or word by word where a stream is asked for. */
export async function mixedProvider(): Promise<{ origin: string; close: () => void }> {
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const some of request.setEncoding('utf8')) text += some;
    if (!text.includes('"stream":true')) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(ANSWER);
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    let left = 10;
    const timer = setInterval(() => {
      if (left-- > 0) response.write(WORD);
      else response.end(END);
    }, WORD_MS);
    response.once('close', () => clearInterval(timer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
