/** Turns in Bedrock's Converse form (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html). */
import { parseExactOr } from '../exact-json.ts';
import { Ids } from '../ids.ts';
import { redactedFor, signatureFor } from '../proof.ts';
import type { Body } from '../refusal.ts';
import {
  type Finish,
  finishOf,
  inputOf,
  joined,
  type Part,
  type ProtocolEvent,
  partsOf,
  pieces,
  type RenderedTurn,
  type ScriptedText,
  type ScriptedUsage,
  shownThinking,
  type Turn,
  usageOf,
  words,
} from '../turn.ts';

const STOP_REASONS: Readonly<Record<Finish, string>> = {
  stop: 'end_turn',
  stop_sequence: 'stop_sequence',
  pause_turn: 'end_turn',
  tool_calls: 'tool_use',
  length: 'max_tokens',
  context_window: 'model_context_window_exceeded',
  content_filter: 'content_filtered',
  refusal: 'content_filtered',
};

/** A block as it stands in a whole answer, how it opens, where it does, and the deltas that fill it. */
interface BlockScript {
  whole: object;
  start?: object;
  deltas: object[];
}

/** @param realm whose proofs the reasoning carries */
export function renderConverse(turn: Turn, body: Body, realm: string): RenderedTurn {
  const ids = new Ids(body);
  const parts = partsOf(turn);
  const blocks = parts.flatMap((part, index) => blockOf(part, callsBefore(parts, index), ids, realm));
  if (turn.wire?.strangers)
    blocks.push({ whole: { hologram: { depth: 3 } }, deltas: [{ hologram: { depth: 3 } }] });
  const stopReason = turn.finishAs ?? STOP_REASONS[finishOf(turn)];
  const more =
    turn.stopSequence === undefined
      ? {}
      : { additionalModelResponseFields: { delta: { stop_sequence: turn.stopSequence } } };
  const usage = usageOf(turn) ?? { input: 0, output: 0 };
  const told = { usage: converseUsage(usage), metrics: { latencyMs: 1 } };
  const filling = [event('messageStart', { role: 'assistant' }), ...blocks.flatMap(blockEvents)];
  const ending = [event('messageStop', { stopReason, ...more }), event('metadata', told)];
  const content = blocks.map((block) => block.whole);
  return {
    whole: { output: { message: { role: 'assistant', content } }, stopReason, ...more, ...told },
    events: [...filling, ...ending],
    endsAt: filling.length,
  };
}

/** Each event is padded by some letters, against guessing by length. */
function event(name: string, data: object): ProtocolEvent {
  return { name, data: { ...data, p: 'abcdefgh' } };
}

function callsBefore(parts: readonly Part[], index: number): number {
  return parts.slice(0, index).filter((part) => part.type === 'tool_call').length;
}

function blockOf(part: Part, calls: number, ids: Ids, realm: string): BlockScript[] {
  switch (part.type) {
    case 'thinking': {
      const text = shownThinking(part);
      const signature = signatureFor(text, part.hidden, realm);
      const deltas = [...words(text).map((piece) => ({ text: piece })), { signature }];
      return [
        {
          whole: { reasoningContent: { reasoningText: { text, signature } } },
          deltas: deltas.map((reasoningContent) => ({ reasoningContent })),
        },
      ];
    }
    case 'redacted_thinking': {
      const reasoningContent = { redactedContent: redactedFor(part.hidden, realm) };
      return [{ whole: { reasoningContent }, deltas: [{ reasoningContent }] }];
    }
    case 'text':
      return joined(part.text) === '' ? [] : [textBlock(part)];
    case 'tool_call': {
      const head = { toolUseId: part.id ?? ids.numbered('tooluse', calls), name: part.name };
      const input = inputOf(part);
      return [
        {
          whole: { toolUse: { ...head, input: parseExactOr(input, {}) } },
          start: { toolUse: head },
          deltas: words(input).map((piece) => ({ toolUse: { input: piece } })),
        },
      ];
    }
    case 'raw':
      return part.bedrock === undefined ? [] : [{ whole: part.bedrock, deltas: [part.bedrock] }];
    case 'refusal':
    case 'web_search':
      return [];
  }
}

function textBlock({ text, citations }: ScriptedText): BlockScript {
  const deltas: object[] = pieces(text).map((piece) => ({ text: piece }));
  if (citations === undefined) return { whole: { text: joined(text) }, deltas };
  const cited = citations.map(({ url, title, quote }) => ({
    title,
    sourceContent: [{ text: quote }],
    location: { web: { url } },
  }));
  return {
    whole: { citationsContent: { content: [{ text: joined(text) }], citations: cited } },
    deltas: [...deltas, ...cited.map((citation) => ({ citation }))],
  };
}

function blockEvents({ start, deltas }: BlockScript, contentBlockIndex: number): ProtocolEvent[] {
  return [
    ...(start === undefined ? [] : [event('contentBlockStart', { contentBlockIndex, start })]),
    ...deltas.map((delta) => event('contentBlockDelta', { contentBlockIndex, delta })),
    event('contentBlockStop', { contentBlockIndex }),
  ];
}

/** `inputTokens` leaves out what was read from or written to the cache. */
function converseUsage({ input, output, cached, cacheWrite }: ScriptedUsage): object {
  return {
    inputTokens: input - (cached ?? 0) - (cacheWrite ?? 0),
    outputTokens: output,
    totalTokens: input + output,
    ...(cached === undefined ? {} : { cacheReadInputTokens: cached }),
    ...(cacheWrite === undefined ? {} : { cacheWriteInputTokens: cacheWrite }),
  };
}
