import { describe, expect, it } from 'vitest';
import { Dropped } from '../../../gateway/protocols/canonical/dropped.ts';
import type { AssistantPart, Turn } from '../../../gateway/protocols/canonical/request.ts';
import type { JsonObject } from '../../../gateway/protocols/json.ts';
import { nativeCall } from '../../../gateway/providers/native/native-call.ts';
import { Signatures } from '../../../gateway/providers/native/signatures.ts';
import { eventStreamHead, finished, said, sse } from './gemini.ts';
import {
  answered,
  canonical,
  eventsIn,
  json,
  modelAt,
  opened,
  scripted,
  sent,
  signal,
  targetOf,
} from './setup.ts';

/** Documented for conversations whose signatures are not at hand. */
const STAND_IN = 'skip_thought_signature_validator';

function afterCalls(...ids: string[]): Turn[] {
  const calls = ids.map(
    (id): AssistantPart => ({ type: 'tool_call', id, name: 'look', kind: 'function', input: '{}' }),
  );
  return [
    { role: 'user', parts: [{ type: 'text', text: 'hi' }] },
    { role: 'assistant', parts: calls },
    {
      role: 'user',
      parts: ids.map((callId) => ({ type: 'tool_result', callId, parts: [], isError: false })),
    },
  ];
}

async function signaturesSent(turns: Turn[], model?: string): Promise<unknown[]> {
  const request = await sent('google', { turns }, model === undefined ? {} : { model });
  const contents = request.json.contents as { role: string; parts: JsonObject[] }[];
  return contents.flatMap(({ parts }) =>
    parts.filter((part) => 'functionCall' in part).map((part) => part.thoughtSignature),
  );
}

describe('the signature of a call', () => {
  it('goes back with the call, from a stream', async () => {
    const calls = said(
      { functionCall: { id: 'stream_1', name: 'look', args: {} }, thoughtSignature: 'c2lnbmVk' },
      { functionCall: { id: 'stream_2', name: 'look', args: {} } },
    );
    const server = await scripted((response) => {
      eventStreamHead(response);
      response.end(sse(calls) + sse(finished('STOP')));
    });
    await eventsIn(await opened(await modelAt('google', server.origin), 'google'));
    expect(await signaturesSent(afterCalls('stream_1', 'stream_2'))).toEqual(['c2lnbmVk', undefined]);
  });

  it('goes back with the call, from a whole answer', async () => {
    const call = { functionCall: { id: 'whole_1', name: 'look', args: {} }, thoughtSignature: 'd2hvbGU=' };
    await answered('google', { candidates: [{ content: { parts: [call] }, finishReason: 'STOP' }] });
    expect(await signaturesSent(afterCalls('whole_1'))).toEqual(['d2hvbGU=']);
  });

  it('is found by the id that the client was given for one that does not fit', async () => {
    const call = { functionCall: { id: 'with blanks', name: 'look', args: {} }, thoughtSignature: 'Yg==' };
    const outcome = await answered('google', {
      candidates: [{ content: { parts: [call] }, finishReason: 'STOP' }],
    });
    const [part] = outcome.kind === 'whole' ? outcome.answer.parts : [];
    if (part?.type !== 'tool_call') throw new Error('no call');
    expect(part.id).toMatch(/^call_[0-9a-f]+$/);
    expect(await signaturesSent(afterCalls(part.id))).toEqual(['Yg==']);
  });

  it('is not given to another model, which could not read it', async () => {
    const call = { functionCall: { id: 'whole_2', name: 'look', args: {} }, thoughtSignature: 'eA==' };
    await answered('google', { candidates: [{ content: { parts: [call] }, finishReason: 'STOP' }] });
    expect(await signaturesSent(afterCalls('whole_2'), 'gemini-3-pro-preview')).toEqual([STAND_IN]);
    expect(await signaturesSent(afterCalls('whole_2'), 'gemini-2.5-pro')).toEqual([undefined]);
  });

  it('has a stand-in where it is not at hand', async () => {
    expect(await signaturesSent(afterCalls('unknown_1'))).toEqual([STAND_IN]);
  });

  it('is sent to Vertex too, where calls have no ids', async () => {
    const server = await scripted((response) =>
      json(response, {
        candidates: [
          {
            content: { parts: [{ functionCall: { name: 'look', args: {} }, thoughtSignature: 'dg==' }] },
            finishReason: 'STOP',
          },
        ],
      }),
    );
    const model = await modelAt('vertex', server.origin);
    const target = targetOf('gemini-3-flash-preview');
    const dropped = new Dropped();
    const first = await model.generate(nativeCall('vertex', canonical(), target, dropped), dropped, signal());
    const [part] = first.kind === 'whole' ? first.answer.parts : [];
    if (part?.type !== 'tool_call') throw new Error('no call');
    await model.generate(
      nativeCall('vertex', canonical({ turns: afterCalls(part.id) }), target, dropped),
      dropped,
      signal(),
    );
    expect(server.seen[1]?.json.contents).toMatchObject([
      {},
      { parts: [{ functionCall: { name: 'look' }, thoughtSignature: 'dg==' }] },
      {},
    ]);
    expect(server.seen[1]?.body).not.toContain(part.id);
  });
});

describe('a thought', () => {
  it('goes back with its signature, and not without one', async () => {
    const thought = (data: string): AssistantPart => ({
      type: 'reasoning',
      text: 'hm',
      replay: { protocol: 'native', providerId: '7', id: null, data, redacted: false },
    });
    const { json: body } = await sent('google', {
      turns: [
        { role: 'user', parts: [{ type: 'text', text: 'hi' }] },
        { role: 'assistant', parts: [thought('c2ln'), thought(''), { type: 'text', text: 'ho' }] },
        { role: 'user', parts: [{ type: 'text', text: 'more' }] },
      ],
    });
    expect((body.contents as JsonObject[])[1]?.parts).toEqual([
      { text: 'hm', thought: true, thoughtSignature: 'c2ln' },
      { text: 'ho' },
    ]);
  });
});

describe('the store of signatures', () => {
  const maker = targetOf('m');

  it('forgets the one not used for longest when there are too many', () => {
    const store = new Signatures(2, 100);
    store.keep(maker, 'a', '1');
    store.keep(maker, 'b', '2');
    expect(store.of(maker, 'a')).toBe('1');
    store.keep(maker, 'c', '3');
    expect(['a', 'b', 'c'].map((id) => store.of(maker, id))).toEqual(['1', undefined, '3']);
  });

  it('holds no more characters than it may', () => {
    const store = new Signatures(100, 10);
    store.keep(maker, 'a', '12345');
    store.keep(maker, 'a', '1234');
    store.keep(maker, 'b', '123456');
    expect([store.of(maker, 'a'), store.of(maker, 'b')]).toEqual(['1234', '123456']);
    store.keep(maker, 'c', '1');
    expect([store.of(maker, 'a'), store.of(maker, 'b'), store.of(maker, 'c')]).toEqual([
      undefined,
      '123456',
      '1',
    ]);
    store.keep(maker, 'd', 'x'.repeat(11));
    expect(store.of(maker, 'd')).toBeUndefined();
  });

  it('tells providers and models apart', () => {
    const store = new Signatures();
    store.keep(maker, 'a', '1');
    expect(store.of({ ...maker, providerId: '8' }, 'a')).toBeUndefined();
    expect(store.of({ ...maker, upstreamModel: 'n' }, 'a')).toBeUndefined();
  });
});
