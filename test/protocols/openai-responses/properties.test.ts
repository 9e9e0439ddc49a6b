import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../gateway/errors.ts';
import { type CanonicalAnswer, finishedBy } from '../../../gateway/protocols/canonical/answer.ts';
import { Dropped } from '../../../gateway/protocols/canonical/dropped.ts';
import { eventsOf } from '../../../gateway/protocols/canonical/events-of.ts';
import { prepare } from '../../../gateway/protocols/canonical/prepare.ts';
import { wrapReplay } from '../../../gateway/protocols/canonical/replay.ts';
import type { AssistantPart } from '../../../gateway/protocols/canonical/request.ts';
import { type JsonObject, objectsIn } from '../../../gateway/protocols/json.ts';
import { responsesCodec } from '../../../gateway/protocols/openai-responses/codec.ts';
import { answerParts, junk, sayableRequest } from './arbitraries.ts';
import { context, dataOf, encoded, encodedStream, folded, ORIGIN, streamed, target } from './support.ts';

const ALL_EFFORTS = { efforts: ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const };

/** What another gateway would read of reasoning that it did not wrap itself. */
function asSeenByAnother(part: AssistantPart): AssistantPart {
  if (part.type !== 'reasoning' || part.replay === null) return part;
  return { ...part, replay: expect.objectContaining({ data: wrapReplay(part.replay) }) };
}

/** Cuts the deltas of a stream anew: the same text in other pieces. */
function recut(events: readonly JsonObject[], size: number): JsonObject[] {
  return events.flatMap((event) => {
    const delta = event.delta;
    if (typeof delta !== 'string') return [event];
    const pieces: JsonObject[] = [];
    for (let at = 0; at < delta.length; at += size)
      pieces.push({ ...event, delta: delta.slice(at, at + size) });
    return pieces;
  });
}

function isOf(names: RegExp): (event: JsonObject) => boolean {
  return (event) => names.test(String(event.type));
}

const NO_ENDS = /output_item\.done$/;

describe('a request', () => {
  it('means the same after a journey to a provider that speaks the protocol', () => {
    fc.assert(
      fc.property(sayableRequest, (request) => {
        const { body, dropped } = encoded(request, target(ALL_EFFORTS));
        expect(dropped).toEqual([]);
        const back = responsesCodec.decodeRequest(JSON.parse(JSON.stringify(body)) as JsonObject);
        expect(back).toEqual(JSON.parse(JSON.stringify(request)));
      }),
    );
  });

  it('of junk is refused with words, or understood and sent on', () => {
    fc.assert(
      fc.property(junk, (body) => {
        try {
          const request = responsesCodec.decodeRequest(body);
          const dropped = new Dropped();
          const ready = prepare(request, 'openai-responses', target(), dropped).request;
          const sent = responsesCodec.encodeRequest(ready, target(), dropped);
          expect(JSON.parse(JSON.stringify(sent))).toMatchObject({ model: 'gpt-upstream', store: false });
        } catch (error) {
          if (!(error instanceof GatewayError)) throw error;
          expect(error.status).toBe(400);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('an answer', () => {
  const asAnswer = (parts: AssistantPart[]): CanonicalAnswer => ({
    parts,
    finish: finishedBy('stop'),
    usage: null,
  });

  it('is the same whole and as a stream, however that is cut and whatever it leaves out', () => {
    const leftOut = fc.constantFrom(
      /^$/,
      /\.delta$/,
      /(text|refusal|arguments|input|part)\.done$/,
      /output_item\.added$/,
      /content_part/,
      NO_ENDS,
      /^response\.(?!completed)/,
    );
    fc.assert(
      fc.property(answerParts, leftOut, fc.integer({ min: 1, max: 5 }), (parts, names, size) => {
        // Hidden reasoning is known from its end alone, and then comes too late to stand first.
        fc.pre(names !== NO_ENDS || !parts.some((part) => part.type === 'reasoning' && part.text === ''));
        const events = dataOf(encodedStream(eventsOf(asAnswer(parts))));
        const whole = responsesCodec.decodeAnswer(objectsIn([events.at(-1)?.response])[0] ?? {}, ORIGIN);
        const kept = recut(events, size).filter((event) => !isOf(names)(event));
        expect(folded(streamed(...kept))).toEqual(whole);
        expect(whole?.parts).toEqual(parts.filter(saysSomething).map(asSeenByAnother));
      }),
    );
  });

  it('as a stream may break off anywhere', () => {
    fc.assert(
      fc.property(answerParts, fc.nat(), (parts, cut) => {
        const events = dataOf(encodedStream(eventsOf(asAnswer(parts))));
        const length = cut % events.length;
        const read = streamed(...events.slice(0, length));
        expect(read.some(({ type }) => type === 'finish' || type === 'error')).toBe(false);
        expect(() => folded(read)).not.toThrow();
      }),
    );
  });

  it('of junk is none, or some', () => {
    fc.assert(
      fc.property(junk, (body) => {
        const answer = responsesCodec.decodeAnswer(body, ORIGIN);
        if (answer !== undefined) responsesCodec.encodeAnswer(answer, context());
        const error = responsesCodec.decodeError(body);
        expect(error === undefined || error.message.length >= 0).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('of junk events keeps the order of parts: begun once, then filled, then over', () => {
    fc.assert(
      fc.property(fc.array(junk, { maxLength: 12 }), (data) => {
        const read = streamed(...data);
        const open = new Set<number>();
        for (const event of read) {
          if (event.type === 'part_start') open.add(event.index);
          else if ('index' in event) expect(open.has(event.index)).toBe(true);
          if (event.type === 'part_end') open.delete(event.index);
          if (event.type === 'delta') expect(event.text).not.toBe('');
        }
        const terminal = read.findIndex(({ type }) => type === 'finish' || type === 'error');
        expect(terminal === -1 || terminal === read.length - 1).toBe(true);
        dataOf(encodedStream(read));
      }),
      { numRuns: 500 },
    );
  });

  it('for a caller opens and closes every item in its place', () => {
    fc.assert(
      fc.property(answerParts, (parts) => {
        const events = dataOf(encodedStream(eventsOf(asAnswer(parts))));
        const items = (type: string) => events.filter((event) => event.type === type);
        const added = items('response.output_item.added');
        const done = items('response.output_item.done');
        expect(added.map(({ output_index }) => output_index)).toEqual(added.map((_, index) => index));
        expect(done.map(({ item }) => item)).toEqual(
          (events.at(-1)?.response as { output: unknown[] } | undefined)?.output,
        );
      }),
    );
  });
});

/** Empty reasoning without a form that could go back is nothing. */
function saysSomething(part: AssistantPart): boolean {
  return part.type !== 'reasoning' || part.text !== '' || part.replay !== null;
}
