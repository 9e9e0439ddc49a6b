/**
 * What an answer that a balance pays for tells beside its tokens: `route_multiplier` (`"x3"`) and
 * `charged_quota_tokens`, as members of `usage`. They are spliced in; every other byte stays as it came.
 */
import { encodeUsage } from './anthropic-messages/encode-usage.ts';
import type { Endpoint } from './endpoint.ts';
import { isObject, type JsonObject, parseObject } from './json.ts';
import { topLevelMembers, withMembers } from './json-members.ts';
import { usageMembers } from './openai-chat/answer-words.ts';
import { usageJson } from './openai-responses/response-object.ts';
import { EventReader, SseSplitter, withData } from './sse.ts';
import type { TokenUsage } from './usage.ts';

export interface ToldCharge {
  /** Such as `x1.5`. */
  routeMultiplier: string;
  chargedQuotaTokens: number;
  /** Told where the provider told none: by these figures the charge was made. */
  usage: TokenUsage;
}

/** @param body a JSON object: the whole answer */
export function chargeInAnswer(endpoint: Endpoint, body: Buffer, charge: ToldCharge): Buffer {
  return withCharge(endpoint, body, charge);
}

/**
 * @param events whole ones; the last that tells usage is changed
 * @returns undefined where none tells usage
 */
export function chargeInEvents(endpoint: Endpoint, events: Buffer, charge: ToldCharge): Buffer | undefined {
  const reader = new EventReader();
  const { bytes, ends } = new SseSplitter().push(events);
  for (let index = ends.length - 1; index >= 0; index--) {
    const [start, end] = [ends[index - 1] ?? 0, ends[index] as number];
    const event = bytes.subarray(start, end);
    const changed = dataWithCharge(endpoint, reader.data(event), charge);
    if (changed === undefined) continue;
    return Buffer.concat([bytes.subarray(0, start), withData(event, changed), events.subarray(end)]);
  }
  return undefined;
}

/**
 * Puts a usage chunk of our own before the end mark of a chat or completions stream.
 * @param head the members that every chunk of the stream has
 */
export function withChargeChunk(events: Buffer, head: JsonObject, charge: ToldCharge): Buffer {
  const usage = { ...usageMembers(charge.usage), ...extension(charge) };
  const chunk = Buffer.from(`data: ${JSON.stringify({ ...head, choices: [], usage })}\n\n`);
  const { ends } = new SseSplitter().push(events);
  // A CR at the very end may be half of a line end: the end mark then is no whole event yet.
  const endMark = (ends.at(-1) === events.length ? ends.at(-2) : ends.at(-1)) ?? 0;
  return Buffer.concat([events.subarray(0, endMark), chunk, events.subarray(endMark)]);
}

/** @returns undefined for an event that tells no usage */
function dataWithCharge(endpoint: Endpoint, data: string, charge: ToldCharge): string | undefined {
  const json = parseObject(data);
  if (json === undefined) return undefined;
  const bytes = Buffer.from(data);
  switch (endpoint) {
    case 'messages':
      return json.type === 'message_delta' ? withCharge(endpoint, bytes, charge).toString() : undefined;
    case 'responses': {
      const ends = json.type === 'response.completed' || json.type === 'response.incomplete';
      const response = ends ? memberOf(bytes, 'response') : undefined;
      if (response === undefined || !isObject(json.response)) return undefined;
      const changed = withCharge(endpoint, response, charge).toString();
      return withMembers(bytes, { response: changed }).toString();
    }
    default:
      return isObject(json.usage) ? withCharge(endpoint, bytes, charge).toString() : undefined;
  }
}

function withCharge(endpoint: Endpoint, object: Buffer, charge: ToldCharge): Buffer {
  const told = memberOf(object, 'usage');
  const isTold = told !== undefined && isObject(JSON.parse(told.toString()));
  const usage = isTold ? told : Buffer.from(JSON.stringify(usageIn(endpoint, charge.usage)));
  const members = Object.entries(extension(charge)).map(([key, value]) => [key, JSON.stringify(value)]);
  return withMembers(object, { usage: withMembers(usage, Object.fromEntries(members)).toString() });
}

function extension({ routeMultiplier, chargedQuotaTokens }: ToldCharge): JsonObject {
  return { route_multiplier: routeMultiplier, charged_quota_tokens: chargedQuotaTokens };
}

/** The last of that name, as JSON.parse has it. */
function memberOf(object: Buffer, key: string): Buffer | undefined {
  const found = topLevelMembers(object).findLast((member) => member.key === key);
  return found === undefined ? undefined : object.subarray(found.start, found.end);
}

function usageIn(endpoint: Endpoint, usage: TokenUsage): JsonObject | null {
  switch (endpoint) {
    case 'messages':
      return encodeUsage(usage);
    case 'responses':
      return usageJson(usage);
    case 'embeddings':
      return { prompt_tokens: usage.inputTokens, total_tokens: usage.inputTokens };
    default:
      return usageMembers(usage);
  }
}
