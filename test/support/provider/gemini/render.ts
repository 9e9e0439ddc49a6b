/** Turns in Gemini's generateContent form (https://ai.google.dev/api/generate-content#v1beta.GenerateContentResponse). */
import { parseExactOr } from '../exact-json.ts';
import { Ids } from '../ids.ts';
import { thoughtSignatureFor } from '../proof.ts';
import type { Body } from '../refusal.ts';
import {
  type Finish,
  finishOf,
  inputOf,
  joined,
  type Part,
  partsOf,
  partsOfType,
  pieces,
  type RenderedTurn,
  type ScriptedUsage,
  shownThinking,
  type Turn,
  usageOf,
  words,
} from '../turn.ts';

const FINISH_REASONS: Readonly<Record<Finish, string>> = {
  stop: 'STOP',
  tool_calls: 'STOP',
  stop_sequence: 'STOP',
  pause_turn: 'STOP',
  length: 'MAX_TOKENS',
  context_window: 'MAX_TOKENS',
  content_filter: 'SAFETY',
  refusal: 'PROHIBITED_CONTENT',
};

/** @param realm whose proofs the thoughts carry */
export function renderGemini(turn: Turn, body: Body, model: string, realm: string): RenderedTurn {
  const ids = new Ids(body);
  const usage = usageOf(turn);
  const head = { modelVersion: model, responseId: 'resp_scripted' };
  const finish = { finishReason: turn.finishAs ?? FINISH_REASONS[finishOf(turn)], index: 0 };
  const grounding = groundingOf(turn);
  const parts = partsOf(turn);
  const streamed = signed(
    parts.flatMap((part, index) => streamedParts(part, index, parts, ids)),
    realm,
  );
  const stranger = turn.wire?.strangers ? { hologram: { depth: 3 } } : {};
  const chunk = (content: object[], last: boolean) => ({
    candidates: [
      {
        content: { parts: content, role: 'model' },
        ...(last ? { ...finish, ...grounding } : { index: 0 }),
      },
    ],
    ...(usage === null ? {} : { usageMetadata: last ? usageMetadata(usage) : promptUsage(usage) }),
    ...head,
    ...stranger,
  });
  const filling = streamed.map((part) => ({ data: chunk([part], false) }));
  return {
    whole: chunk(merged(streamed), true),
    events: [...filling, { data: chunk([{ text: '' }], true) }],
    endsAt: filling.length,
  };
}

/** A part as Google sends it. */
export type GeminiPart = Record<string, unknown> & { text?: string; thought?: boolean };

/** Text comes in pieces, a call at once. */
function streamedParts(part: Part, index: number, all: readonly Part[], ids: Ids): GeminiPart[] {
  switch (part.type) {
    case 'thinking':
      return words(shownThinking(part)).map((text) => ({ text, thought: true }));
    case 'text':
      return pieces(part.text).map((text) => ({ text }));
    case 'tool_call': {
      const number = all.slice(0, index).filter((before) => before.type === 'tool_call').length;
      const id = part.id ?? ids.numbered('call', number);
      return [{ functionCall: { id, name: part.name, args: parseExactOr(inputOf(part), {}) } }];
    }
    case 'raw':
      return part.gemini === undefined ? [] : [part.gemini as GeminiPart];
    case 'redacted_thinking':
    case 'refusal':
    case 'web_search':
      return [];
  }
}

/** The first call of several carries the signature; without calls an empty text at the end does. */
function signed(parts: readonly GeminiPart[], realm: string): GeminiPart[] {
  const first = parts.findIndex((part) => part.functionCall !== undefined);
  if (first < 0) {
    const thought = parts.some((part) => part.thought);
    return thought ? [...parts, { text: '', thoughtSignature: thoughtSignatureFor('', realm) }] : [...parts];
  }
  return parts.map((part, index) => {
    const { name } = (part.functionCall ?? {}) as { name?: string };
    return index === first ? { ...part, thoughtSignature: thoughtSignatureFor(String(name), realm) } : part;
  });
}

/** Pieces that stand together and are of one kind, as one. */
function merged(parts: readonly GeminiPart[]): GeminiPart[] {
  const whole: GeminiPart[] = [];
  for (const part of parts) {
    const last = whole.at(-1);
    const joins = last?.text !== undefined && part.text !== undefined && last.thought === part.thought;
    if (joins) whole[whole.length - 1] = { ...last, ...part, text: `${last.text}${part.text}` };
    else whole.push(part);
  }
  return whole;
}

/** `promptTokenCount` includes cached tokens; thoughts are not among the candidates' tokens. */
function usageMetadata(usage: ScriptedUsage): object {
  const thoughts = usage.reasoning ?? 0;
  return {
    ...promptUsage(usage),
    candidatesTokenCount: usage.output - thoughts,
    ...(thoughts === 0 ? {} : { thoughtsTokenCount: thoughts }),
    totalTokenCount: usage.input + usage.output,
  };
}

function promptUsage(usage: ScriptedUsage): object {
  return {
    promptTokenCount: usage.input,
    totalTokenCount: usage.input,
    ...(usage.cached === undefined ? {} : { cachedContentTokenCount: usage.cached }),
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: usage.input }],
  };
}

function groundingOf(turn: Turn): object {
  const queries = partsOfType(turn, 'web_search').map((part) => part.query);
  const cited = partsOfType(turn, 'text').flatMap((part) =>
    (part.citations ?? []).map((citation) => ({ ...citation, text: joined(part.text) })),
  );
  if (queries.length === 0 && cited.length === 0) return {};
  return {
    groundingMetadata: {
      webSearchQueries: queries,
      groundingChunks: cited.map(({ url, title }) => ({ web: { uri: url, title } })),
      groundingSupports: cited.map(({ quote, text }, index) => ({
        segment: {
          startIndex: text.indexOf(quote),
          endIndex: text.indexOf(quote) + quote.length,
          text: quote,
        },
        groundingChunkIndices: [index],
      })),
    },
  };
}
