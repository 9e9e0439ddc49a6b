/** Makes a body of POST /v1/messages (https://platform.claude.com/docs/en/api/messages). */
import type { Dropped } from '../canonical/dropped.ts';
import type { CanonicalRequest } from '../canonical/request.ts';
import type { Target } from '../canonical/target.ts';
import type { JsonObject } from '../json.ts';
import { settleMarks } from './cache-marks.ts';
import { encodeFormat } from './encode-format.ts';
import { encodeSampling } from './encode-sampling.ts';
import { encodeThinking } from './encode-thinking.ts';
import { encodeToolChoice, encodeTools } from './encode-tools.ts';
import { encodeTurns } from './encode-turns.ts';
import { GrammarLimits } from './grammar-limits.ts';

/** The service demands a limit. What Claude Code asks for, and no more than any model of the last years takes. */
const USUAL_MAX_TOKENS = 32_000;

export function encodeRequest(request: CanonicalRequest, target: Target, dropped: Dropped): JsonObject {
  const maxTokens = encodeMaxTokens(request.maxOutputTokens, target, dropped);
  const { thinking, effort } = encodeThinking(request, target, maxTokens, dropped);
  const limits = new GrammarLimits();
  const format = encodeFormat(request.format, target, limits, dropped);
  const { system, messages } = encodeTurns(request.turns, target, dropped);
  if (format.instruction !== undefined) system.push({ type: 'text', text: format.instruction });
  const tools = encodeTools(request, target, limits, dropped);
  settleMarks({ tools, system, messages }, request.tools.length > 0, target, dropped);
  reportUnsaid(request, dropped);
  return withoutUndefined({
    model: target.upstreamModel,
    max_tokens: maxTokens,
    system: asSystem(system),
    messages,
    tools: tools.length === 0 ? undefined : tools,
    tool_choice: encodeToolChoice(request, tools),
    thinking,
    output_config: asConfig(withoutUndefined({ effort, format: format.format })),
    ...encodeSampling(request.sampling, target, thinking, dropped),
    stop_sequences: encodeStop(request.stop, dropped),
    metadata: request.userId === null ? undefined : { user_id: request.userId },
    service_tier: encodeServiceTier(request.serviceTier, dropped),
    stream: request.stream ? true : undefined,
  });
}

function encodeMaxTokens(asked: number | null, { facts }: Target, dropped: Dropped): number {
  const most = facts.maxOutputTokens;
  if (asked === null) return most ?? USUAL_MAX_TOKENS;
  if (most === null || asked <= most) return asked;
  dropped.add('max_tokens');
  return most;
}

/** One plain text is said as a text. */
function asSystem(blocks: readonly JsonObject[]): JsonObject[] | string | undefined {
  const [first, second] = blocks;
  if (first === undefined) return undefined;
  return second === undefined && first.cache_control === undefined ? String(first.text) : [...blocks];
}

function asConfig(config: JsonObject): JsonObject | undefined {
  return Object.keys(config).length === 0 ? undefined : config;
}

/** The service refuses a text of blanks alone ("each stop sequence must contain non-whitespace"). */
function encodeStop(stop: readonly string[], dropped: Dropped): string[] | undefined {
  const taken = stop.filter((text) => text.trim() !== '');
  if (taken.length < stop.length) dropped.add('stop');
  return taken.length === 0 ? undefined : taken;
}

/** `auto` is what holds anyway; OpenAI's `default` is the tier without priority. */
function encodeServiceTier(tier: string | null, dropped: Dropped): string | undefined {
  if (tier === null || tier === 'auto') return undefined;
  if (tier === 'default') return 'standard_only';
  dropped.add('service_tier');
  return undefined;
}

function reportUnsaid({ verbosity, cacheKey }: CanonicalRequest, dropped: Dropped): void {
  if (verbosity !== null) dropped.add('verbosity');
  if (cacheKey !== null) dropped.add('prompt_cache_key');
}

function withoutUndefined(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
