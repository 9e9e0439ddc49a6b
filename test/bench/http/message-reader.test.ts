import { expect, it } from 'vitest';
import { MessageReader } from './message-reader.ts';

interface Message {
  head: string;
  body: string;
}

function reader(): { messages: Message[]; open: Message[]; push(text: string): void; idle(): boolean } {
  const messages: Message[] = [];
  const open: Message[] = [];
  const inner = new MessageReader({
    head: (head) => open.push({ head, body: '' }),
    body: (bytes) => {
      (open.at(-1) as Message).body += bytes.toString();
    },
    end: () => messages.push(open.pop() as Message),
  });
  return { messages, open, push: (text) => inner.push(Buffer.from(text)), idle: () => inner.idle };
}

const SIZED = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello';
const CHUNKED =
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;a=b\r\n\r\nyou!\r\n0\r\nX-Sum: 1\r\n\r\n';
const EMPTY = 'HTTP/1.1 200 OK\r\ncontent-length:0\r\n\r\n';

const READ = [
  { head: 'HTTP/1.1 200 OK\r\nContent-Length: 5', body: 'hello' },
  { head: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked', body: 'hello\r\nyou!' },
  { head: 'HTTP/1.1 200 OK\r\ncontent-length:0', body: '' },
  { head: 'HTTP/1.1 200 OK\r\nContent-Length: 5', body: 'hello' },
];

it('reads messages one after the other, wherever the reads are cut', () => {
  const text = SIZED + CHUNKED + EMPTY + SIZED;
  for (let first = 1; first < text.length; first += 1) {
    for (const second of [first, first + 1, first + 7]) {
      const { messages, push, idle } = reader();
      push(text.slice(0, first));
      push(text.slice(first, second));
      push(text.slice(second));
      expect(messages).toEqual(READ);
      expect(idle()).toBe(true);
    }
  }
});

it('reads them byte by byte', () => {
  const { messages, push } = reader();
  for (const byte of SIZED + CHUNKED + EMPTY + SIZED) push(byte);
  expect(messages).toEqual(READ);
});

it.each([
  ['a body', SIZED.slice(0, -1)],
  ['a chunk', CHUNKED.slice(0, CHUNKED.indexOf('hello') + 4)],
  ['the last chunk', CHUNKED.slice(0, CHUNKED.indexOf('0\r\nX-Sum'))],
  ['the trailer', CHUNKED.slice(0, -2)],
  ['a head', SIZED.slice(0, 20)],
])('does not take %s for complete before its end', (_, text) => {
  const { messages, push, idle } = reader();
  push(text);
  expect(messages).toEqual([]);
  expect(idle()).toBe(false);
});

it('takes a GET without a length for complete, and no other message', () => {
  const { messages, push } = reader();
  push('GET /models HTTP/1.1\r\nhost: a\r\n\r\n');
  expect(messages).toHaveLength(1);
  expect(() => push('HTTP/1.1 200 OK\r\n\r\n')).toThrow('does not tell where it ends');
});

it.each([
  ['a chunk without a size', CHUNKED.replace('5\r\nhello', 'x\r\nhello')],
  ['a chunk longer than it says', CHUNKED.replace('5\r\nhello', '4\r\nhello')],
  ['a line without CR', CHUNKED.replace('5\r\nhello', '5\nhello')],
  ['a head without end', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(70_000)}`],
])('throws at %s', (_, text) => {
  expect(() => reader().push(text)).toThrow();
});
