import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EventBlock, EventReader, SseSplitter } from '../../gateway/protocols/sse.ts';
import { cpuTimer } from '../support/cpu-time.ts';

/** Cuts bytes at the given places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...ends, bytes.length].map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

function eventsOf({ bytes, ends }: EventBlock): Buffer[] {
  expect(ends.at(-1) ?? 0).toBe(bytes.length);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

function split(chunks: readonly Buffer[]): { events: string[]; rest: string } {
  const splitter = new SseSplitter();
  const events: Buffer[] = [];
  for (const chunk of chunks) events.push(...eventsOf(splitter.push(chunk)));
  return { events: events.map(String), rest: splitter.rest.toString() };
}

const line = fc.oneof(
  fc.constantFrom(
    'data: {"a":"é日本😀"}',
    'event: ping',
    ': comment',
    'id: 7',
    'data',
    'retry: 1',
    'data:',
    'junk',
  ),
  fc.stringMatching(/^[^\r\n\ud800-\udfff]{0,12}$/u).map((text) => `data:${text}`),
);
const lineEnd = fc.constantFrom('\n', '\r\n', '\r');
/** An event as it stands on the wire, blank line included. */
const event = fc
  .tuple(fc.array(line, { minLength: 1, maxLength: 4 }), lineEnd)
  .map(([lines, end]) => `${lines.join(end)}${end}${end}`);
const places = fc.array(fc.nat(), { maxLength: 40 });

describe('a stream of server-sent events', () => {
  it('gives the same events however it is cut', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 8 }), places, (wanted, cuts) => {
        // A line feed after a CR would belong to it, so a comment line stands between.
        const events = wanted.map((one) => `:${one}`);
        const bytes = Buffer.from(`${events.join('')}:open`);
        expect(split(cut(bytes, cuts))).toEqual({ events, rest: ':open' });
      }),
      { numRuns: 500 },
    );
  });

  it('loses no byte and depends on no cut, whatever the bytes', () => {
    const bytes = fc
      .array(fc.constantFrom('\n', '\r', 'a', 'data: x', '\n\n', '\r\n', '\r\n\r\n', '\u{1f600}'), {
        maxLength: 40,
      })
      .map((parts) => Buffer.from(parts.join('')));
    fc.assert(
      fc.property(bytes, places, (whole, cuts) => {
        const once = split([whole]);
        const pieces = split(cut(whole, cuts));
        expect(pieces).toEqual(once);
        expect(pieces.events.join('') + pieces.rest).toBe(whole.toString());
      }),
      { numRuns: 1_000 },
    );
  });

  it('gives an event as soon as its last byte is there', () => {
    const splitter = new SseSplitter();
    expect(eventsOf(splitter.push(Buffer.from('data: 1\n'))).map(String)).toEqual([]);
    expect(eventsOf(splitter.push(Buffer.from('\ndata: 2\r\n\r'))).map(String)).toEqual(['data: 1\n\n']);
    expect(eventsOf(splitter.push(Buffer.from('\n'))).map(String)).toEqual(['data: 2\r\n\r\n']);
    expect(splitter.rest).toHaveLength(0);
  });

  it('leaves events alone that it gave out before', () => {
    const splitter = new SseSplitter();
    splitter.push(Buffer.from('data: '));
    const [first] = eventsOf(splitter.push(Buffer.from('one\n\ndata: t')));
    splitter.push(Buffer.from('wo'));
    const [second] = eventsOf(splitter.push(Buffer.from('!\n\n')));
    expect(String(first)).toBe('data: one\n\n');
    expect(String(second)).toBe('data: two!\n\n');
  });

  it.each([
    ['one long event', () => Buffer.from(`data: ${'x'.repeat(1_000_000)}\n\n`)],
    ['one long event with CRLF', () => Buffer.from(`event: a\r\ndata: ${'x'.repeat(1_000_000)}\r\n\r\n`)],
    ['lines that end in CR and no blank one', () => Buffer.from('data: x\r'.repeat(125_000))],
  ])('takes 1 MB byte by byte in time that grows with the length: %s', (_name, make) => {
    const bytes = make();
    const splitter = new SseSplitter();
    const usedMs = cpuTimer();
    let given = 0;
    for (let at = 0; at < bytes.length; at++) {
      given += splitter.push(bytes.subarray(at, at + 1)).bytes.length;
      if (at % 1_000 === 0 && usedMs() > 5_000) break;
    }
    expect(usedMs()).toBeLessThan(5_000);
    expect(given + splitter.rest.length).toBe(bytes.length);
  });

  it('takes many short lines in one chunk in time that grows with the length', () => {
    const bytes = Buffer.from('data: x\r'.repeat(250_000));
    const usedMs = cpuTimer();
    expect(new SseSplitter().push(bytes).ends).toEqual([]);
    expect(usedMs()).toBeLessThan(1_000);
  });

  it('ends when an event grows beyond all measure', () => {
    const splitter = new SseSplitter();
    splitter.push(Buffer.alloc(64 * 1024 * 1024));
    expect(() => splitter.push(Buffer.alloc(1))).toThrow(RangeError);
  });
});

describe('an event', () => {
  it.each([
    ['data: a\n\n', 'a'],
    ['data:a\n\n', 'a'],
    ['data:  a\n\n', ' a'],
    ['event: ping\r\ndata: {\r\ndata: }\r\n\r\n', '{\n}'],
    ['event: x\rdata: y\r\r', 'y'],
    [': comment\n\n', ''],
    ['id: 1\nretry: 5\nunknown: z\n\n', ''],
    ['data: a: b\n\n', 'a: b'],
  ])('%j is read', (raw, data) => {
    expect(new EventReader().data(Buffer.from(raw))).toBe(data);
  });
});
