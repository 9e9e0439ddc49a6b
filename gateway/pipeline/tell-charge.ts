import { multiplierName } from '../catalogue/multiplier.ts';
import type { Endpoint } from '../protocols/endpoint.ts';
import type { JsonObject } from '../protocols/json.ts';
import {
  chargeInAnswer,
  chargeInEvents,
  type ToldCharge,
  withChargeChunk,
} from '../protocols/usage-extension.ts';
import type { AuthorizedCall } from './call.ts';
import type { AnswerEnd } from './serving.ts';
import type { Bill } from './settle.ts';

/**
 * Tells in the end of an answer what it was charged. A client that did not ask for the usage of a chat or completions
 * stream is told nothing: it gets the events it would get from the service itself.
 * @param at wall-clock ms
 */
export function tellCharge(call: AuthorizedCall, end: AnswerEnd, bill: Bill, at: number): AnswerEnd {
  const { endpoint } = call.incoming;
  if (endpoint === 'count_tokens') return end;
  const charge: ToldCharge = {
    routeMultiplier: multiplierName(bill.multiplier),
    chargedQuotaTokens: bill.chargedTokens,
    usage: bill.usage,
  };
  if (end.kind === 'stream') return { kind: 'stream', last: inStream(call, end.last, charge, at) };
  return end.status < 300 ? { ...end, body: chargeInAnswer(endpoint, end.body, charge) } : end;
}

function inStream(call: AuthorizedCall, last: Buffer, charge: ToldCharge, at: number): Buffer {
  const { endpoint } = call.incoming;
  const told = chargeInEvents(endpoint, last, charge);
  if (told !== undefined) return told;
  const isOwed = call.body.wantsUsageChunk && endpoint in CHUNKS;
  return isOwed ? withChargeChunk(last, chunkHead(call, at), charge) : last;
}

/** Where usage is a chunk of its own, which some providers leave out though they are asked. */
const CHUNKS: Partial<Record<Endpoint, string>> = {
  chat: 'chat.completion.chunk',
  completions: 'text_completion',
};

function chunkHead({ incoming, body }: AuthorizedCall, at: number): JsonObject {
  const { endpoint, requestId } = incoming;
  const created = Math.floor(at / 1_000);
  return { id: `chatcmpl-${requestId}`, object: CHUNKS[endpoint], created, model: body.model };
}
