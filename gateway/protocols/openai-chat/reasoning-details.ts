/**
 * `reasoning_details`, in which OpenRouter gives reasoning with its signatures, and takes it back
 * (https://openrouter.ai/docs/use-cases/reasoning-tokens): `reasoning.text` with `text` and `signature`,
 * `reasoning.summary` with `summary`, `reasoning.encrypted` with `data`. Callers get wrapped replays in them.
 */
import { type Replay, unwrapReplay, wrapReplay } from '../canonical/replay.ts';
import type { ReasoningPart } from '../canonical/request.ts';
import { asText, type JsonObject, objectsIn, parseObject } from '../json.ts';

const OPEN_TYPES: ReadonlySet<unknown> = new Set(['reasoning.text', 'reasoning.summary']);

/** What the model thought, as far as it is told. */
export function textOfDetail({ text, summary }: JsonObject): string {
  return asText(text) ?? asText(summary) ?? '';
}

/** Of kinds that hold text, pieces of one detail come with one index. */
export function isOpenDetail({ type }: JsonObject): boolean {
  return OPEN_TYPES.has(type);
}

/** Adds a piece of a detail to what there is of it. Its text is left to the caller. */
export function withPiece(before: JsonObject, piece: JsonObject): JsonObject {
  const { text: _text, summary: _summary, ...rest } = piece;
  return { ...before, ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null)) };
}

/**
 * Whether a piece goes on with a detail: those that hold text come in pieces of one type and index, the signature
 * last. @param detail what there is of it
 */
export function goesOnWith(detail: JsonObject, piece: JsonObject): boolean {
  if (!isOpenDetail(piece) || piece.type !== detail.type || piece.index !== detail.index) return false;
  return sealOf(detail) === null || textOfDetail(piece) === '';
}

/**
 * What a provider must be given back of a part. A detail is given back as it came but for its text, which the part
 * holds; one without a signature is given back as text alone.
 * @param detail null for reasoning that came as text alone
 */
export function chatReplay(detail: JsonObject | null, hasText: boolean, providerId: string | null): Replay {
  const isSealed = detail !== null && (!isOpenDetail(detail) || sealOf(detail) !== null);
  return {
    protocol: 'openai-chat',
    providerId,
    id: asText(detail?.id),
    data: isSealed ? JSON.stringify(withPiece({}, detail)) : '',
    redacted: isSealed && !hasText,
  };
}

/** Reads what a caller gives back: replays that a gateway wrapped, and details as OpenRouter gave them. */
export function readDetails(details: unknown): ReasoningPart[] {
  return wholeDetails(objectsIn(details)).flatMap((detail): ReasoningPart[] => {
    const text = textOfDetail(detail);
    const seal = sealOf(detail);
    const replay = seal === null ? undefined : unwrapReplay(seal);
    if (replay === null) return [];
    if (replay !== undefined) return [{ type: 'reasoning', text, replay }];
    const native = chatReplay(detail, text !== '', null);
    return text === '' && native.data === '' ? [] : [{ type: 'reasoning', text, replay: native }];
  });
}

/** Clients that keep a stream's pieces send them back in pieces. */
function wholeDetails(pieces: readonly JsonObject[]): JsonObject[] {
  const whole: JsonObject[] = [];
  for (const piece of pieces) {
    const last = whole.at(-1);
    if (last === undefined || !goesOnWith(last, piece)) {
      whole.push(piece);
      continue;
    }
    const text = textOfDetail(last) + textOfDetail(piece);
    whole[whole.length - 1] = { ...withPiece(last, piece), ...textMember(last, text) };
  }
  return whole;
}

/** Whether a gateway of this kind sealed it: its text came before, as text alone. */
export function isWrapped(detail: JsonObject): boolean {
  const seal = sealOf(detail);
  return seal !== null && unwrapReplay(seal) !== undefined;
}

/** @returns undefined where the provider needs nothing but the text */
export function detailForProvider({ text, replay }: ReasoningPart): JsonObject | undefined {
  const detail = replay?.protocol === 'openai-chat' ? parseObject(replay.data) : undefined;
  if (detail?.type === undefined) return undefined;
  return text === '' ? detail : { ...detail, ...textMember(detail, text) };
}

/**
 * @param index of the detail in its message
 * @returns undefined where the caller needs nothing but the text
 */
export function detailForCaller(
  { text, replay }: Pick<ReasoningPart, 'text' | 'replay'>,
  index: number,
): JsonObject | undefined {
  if (replay === null || replay.data === '') return undefined;
  const seal = wrapReplay(replay);
  if (text === '') return { type: 'reasoning.encrypted', data: seal, index };
  return { type: 'reasoning.text', text, signature: seal, index };
}

function textMember(detail: JsonObject, text: string): JsonObject {
  return detail.type === 'reasoning.summary' ? { summary: text } : { text };
}

function sealOf({ signature, data }: JsonObject): string | null {
  return asText(signature) || asText(data) || null;
}
