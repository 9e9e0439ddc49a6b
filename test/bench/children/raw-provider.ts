/**
 * The leanest provider there can be: bytes made beforehand, written to the bare socket. A process of its own, which
 * prints its port. The script is in the path (`providerPath` of calls.ts); bodies are read to their end and no
 * further. A GET, such as for the list of models, gets an empty list.
 */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { jsonAnswer, streamAnswer } from '../answers.ts';
import { type Protocol, providerPath } from '../calls.ts';
import { MessageReader } from '../http/message-reader.ts';

/** Between two events of a paced stream: a hundred words a second. */
const PACE_MS = 10;

const STREAM_HEAD =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';
const STREAM_END = '0\r\n\r\n';

type Answer = (socket: Socket) => void;

const ANSWERS = new Map<string, Answer>();
for (const protocol of ['chat', 'messages'] as const satisfies Protocol[]) {
  ANSWERS.set(providerPath('json', protocol), whole('application/json', jsonAnswer(protocol)));
  ANSWERS.set(providerPath('fast', protocol), atOnce(streamAnswer(protocol, 'fast')));
  ANSWERS.set(providerPath('paced', protocol), paced(streamAnswer(protocol, 'paced')));
}
const NO_MODELS = whole('application/json', JSON.stringify({ object: 'list', data: [] }));

function whole(type: string, body: string): Answer {
  const length = Buffer.byteLength(body);
  const bytes = Buffer.from(
    `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-length: ${length}\r\n\r\n${body}`,
  );
  return (socket) => socket.write(bytes);
}

function chunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}

function atOnce(events: readonly string[]): Answer {
  const bytes = Buffer.from(STREAM_HEAD + events.map(chunk).join('') + STREAM_END);
  return (socket) => socket.write(bytes);
}

function paced(events: readonly string[]): Answer {
  const writes = events.map((event, index) =>
    Buffer.from(
      (index === 0 ? STREAM_HEAD : '') + chunk(event) + (index === events.length - 1 ? STREAM_END : ''),
    ),
  );
  return (socket) => {
    let next = 0;
    const send = (): void => {
      if (socket.destroyed) return;
      socket.write(writes[next] as Buffer);
      next += 1;
      if (next < writes.length) setTimeout(send, PACE_MS);
    };
    send();
  };
}

const server = createServer({ noDelay: true }, (socket) => {
  let answer: Answer | undefined;
  const reader = new MessageReader({
    head(text) {
      const [method, path = ''] = text.split(' ', 2);
      answer = method === 'GET' ? NO_MODELS : ANSWERS.get(path);
      if (answer === undefined) throw new Error(`The provider has no ${method} ${path}.`);
    },
    body: () => undefined,
    end: () => answer?.(socket),
  });
  socket.on('data', (bytes) => reader.push(bytes));
  // Whoever hangs up in the middle is no concern of the provider: the client finds what is missing.
  socket.on('error', () => socket.destroy());
});
server.listen(0, '127.0.0.1', 4_096, () => console.log((server.address() as AddressInfo).port));
