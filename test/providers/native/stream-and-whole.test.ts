import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CanonicalEvent } from '../../../gateway/protocols/canonical/answer.ts';
import { Dropped } from '../../../gateway/protocols/canonical/dropped.ts';
import type { AssistantPart } from '../../../gateway/protocols/canonical/request.ts';
import { nativeCall } from '../../../gateway/providers/native/native-call.ts';
import { delta, frame, messageStop, stop } from './bedrock.ts';
import { eventStreamHead, sse } from './gemini.ts';
import { canonical, eventsIn, json, modelAt, scripted, signal, targetOf, USUAL_MODEL } from './setup.ts';

const TEXT = fc.string({ minLength: 1, maxLength: 12 });
const ARGUMENTS = fc.dictionary(fc.string({ maxLength: 4 }), fc.oneof(TEXT, fc.integer(), fc.boolean()), {
  maxKeys: 3,
});

/** Parts as Gemini writes them: neighbours of one kind are one part to a client. */
const GEMINI_PARTS = fc.array(
  fc.oneof(
    TEXT.map((text) => ({ text })),
    TEXT.map((text) => ({ text, thought: true, thoughtSignature: 'c2ln' })),
    ARGUMENTS.map((args) => ({ functionCall: { name: 'look', args } })),
  ),
  { maxLength: 6 },
);

type Block = { text: string } | { thought: string; signature: string } | { input: Record<string, unknown> };

const BEDROCK_BLOCKS = fc.array(
  fc.oneof(
    TEXT.map((text): Block => ({ text })),
    TEXT.map((thought): Block => ({ thought, signature: 'c2ln' })),
    ARGUMENTS.map((input): Block => ({ input })),
  ),
  { maxLength: 6 },
);

describe('a stream and a whole answer', () => {
  it('of Gemini say the same', async () => {
    let parts: unknown[] = [];
    const server = await scripted((response, { url }) => {
      if (!url.includes('stream')) {
        return json(response, { candidates: [{ content: { parts }, finishReason: 'STOP' }] });
      }
      eventStreamHead(response);
      for (const part of parts) response.write(sse({ candidates: [{ content: { parts: [part] } }] }));
      response.end(sse({ candidates: [{ finishReason: 'STOP' }] }));
    });
    const ask = await asker('google', server.origin);
    await fc.assert(
      fc.asyncProperty(GEMINI_PARTS, async (generated) => {
        parts = generated;
        const { streamed, whole } = await ask();
        expect(joined(streamed)).toEqual(joined(whole));
      }),
      { numRuns: 40 },
    );
  });

  it('of Bedrock say the same', async () => {
    let blocks: Block[] = [];
    const server = await scripted((response, { url }) => {
      const stopReason = blocks.some((block) => 'input' in block) ? 'tool_use' : 'end_turn';
      if (!url.endsWith('stream')) {
        const content = blocks.map(wholeBlock);
        const usage = { inputTokens: 1, outputTokens: 1, totalTokens: 2 };
        return json(response, { output: { message: { role: 'assistant', content } }, stopReason, usage });
      }
      response.write(frame('messageStart', { role: 'assistant' }));
      for (const [index, block] of blocks.entries())
        for (const part of streamedBlock(block, index)) response.write(part);
      response.end(messageStop(stopReason));
    });
    const ask = await asker('bedrock', server.origin);
    await fc.assert(
      fc.asyncProperty(BEDROCK_BLOCKS, async (generated) => {
        blocks = generated;
        const { streamed, whole } = await ask();
        expect(streamed).toEqual(whole);
      }),
      { numRuns: 40 },
    );
  });
});

describe('a stream of anything', () => {
  it('has one beginning and at most one end, and never throws', async () => {
    let chunks: unknown[] = [];
    const server = await scripted((response) => {
      eventStreamHead(response);
      response.end(chunks.map(sse).join(''));
    });
    const model = await modelAt('google', server.origin);
    const call = nativeCall('google', canonical(), targetOf(USUAL_MODEL.google), new Dropped());
    const content = fc.record(
      { parts: fc.array(fc.oneof(GEMINI_PARTS, fc.jsonValue())) },
      { requiredKeys: [] },
    );
    const chunk = fc.oneof(
      fc.jsonValue(),
      fc.record(
        {
          candidates: fc.array(
            fc.record(
              { content, finishReason: fc.constantFrom('STOP', 'OTHER', 'NEW') },
              { requiredKeys: [] },
            ),
          ),
          usageMetadata: fc.oneof(fc.jsonValue(), fc.constant({ promptTokenCount: -1 })),
          error: fc.oneof(fc.jsonValue(), fc.constant({ code: 500, message: 'm', status: 'INTERNAL' })),
        },
        { requiredKeys: [] },
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(chunk, { maxLength: 5 }), async (generated) => {
        chunks = generated;
        const outcome = await model.stream(call, new Dropped(), signal());
        if (outcome.kind !== 'stream') throw new Error(outcome.kind);
        const types = (await eventsIn(outcome)).map(({ type }) => type);
        expect(types.filter((type) => type === 'start').length).toBeLessThanOrEqual(1);
        expect(types.slice(0, -1)).not.toContain('finish');
        expect(types.slice(0, -1)).not.toContain('error');
        if (types.length > 0) expect(['start', 'error']).toContain(types[0]);
      }),
      { numRuns: 60 },
    );
  });
});

async function asker(kind: 'google' | 'bedrock', origin: string) {
  const model = await modelAt(kind, origin);
  const call = nativeCall(kind, canonical(), targetOf(USUAL_MODEL[kind]), new Dropped());
  return async () => {
    const stream = await model.stream(call, new Dropped(), signal());
    const whole = await model.generate(call, new Dropped(), signal());
    if (stream.kind !== 'stream' || whole.kind !== 'whole') throw new Error('no answer');
    const events = await eventsIn(stream);
    const finish = events.at(-1);
    expect(finish).toMatchObject({ type: 'finish', finish: whole.answer.finish });
    return { streamed: folded(events), whole: whole.answer.parts.map(withoutId) };
  };
}

/** The parts that events make up. */
function folded(events: readonly CanonicalEvent[]): AssistantPart[] {
  const parts: AssistantPart[] = [];
  for (const event of events) {
    if (event.type === 'part_start') {
      const { part } = event;
      if (part.type === 'tool_call') parts[event.index] = { ...part, id: '', input: '' };
      if (part.type === 'text') parts[event.index] = { type: 'text', text: '' };
      if (part.type === 'reasoning') parts[event.index] = { type: 'reasoning', text: '', replay: null };
    }
    const part = 'index' in event ? parts[event.index] : undefined;
    if (event.type === 'delta' && part?.type === 'tool_call') part.input += event.text;
    else if (event.type === 'delta' && part !== undefined && 'text' in part) part.text += event.text;
    if (event.type === 'part_end' && part?.type === 'reasoning') part.replay = event.replay ?? null;
  }
  return parts.map(withoutId);
}

/** Services that give no ids have them made up here, anew for each answer. */
function withoutId(part: AssistantPart): AssistantPart {
  return part.type === 'tool_call' ? { ...part, id: '', input: part.input === '' ? '{}' : part.input } : part;
}

/** Whole answers keep apart what a stream lets run together. */
function joined(parts: readonly AssistantPart[]): AssistantPart[] {
  const result: AssistantPart[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (part.type === 'text' && last?.type === 'text') last.text += part.text;
    else if (part.type === 'reasoning' && last?.type === 'reasoning') last.text += part.text;
    else result.push({ ...part });
  }
  return result;
}

function wholeBlock(block: Block, index: number): object {
  if ('text' in block) return { text: block.text };
  if ('input' in block) return { toolUse: { toolUseId: `t${index}`, name: 'look', input: block.input } };
  return { reasoningContent: { reasoningText: { text: block.thought, signature: block.signature } } };
}

function streamedBlock(block: Block, index: number): Buffer[] {
  if ('text' in block) return [delta(index, { text: block.text }), stop(index)];
  if ('thought' in block) {
    return [
      delta(index, { reasoningContent: { text: block.thought } }),
      delta(index, { reasoningContent: { signature: block.signature } }),
      stop(index),
    ];
  }
  const start = { contentBlockIndex: index, start: { toolUse: { toolUseId: `t${index}`, name: 'look' } } };
  return [
    frame('contentBlockStart', start),
    delta(index, { toolUse: { input: JSON.stringify(block.input) } }),
    stop(index),
  ];
}
