/** Limits and sampling, in the bounds of each service. */
import type { CanonicalRequest } from '../../protocols/canonical/request.ts';
import type { CallOptions } from './sdk.ts';
import type { Wording } from './wording.ts';

type Settings = Pick<
  CallOptions,
  | 'maxOutputTokens'
  | 'temperature'
  | 'topP'
  | 'topK'
  | 'seed'
  | 'presencePenalty'
  | 'frequencyPenalty'
  | 'stopSequences'
>;

/** https://ai.google.dev/api/generate-content#GenerationConfig */
const GEMINI_STOPS = 5;
const GEMINI_HOTTEST = 2;

/** The largest number of Gemini's type for a seed, int32. */
const LARGEST_SEED = 2_147_483_647;

export function toSettings(request: CanonicalRequest, wording: Wording): Settings {
  return {
    ...limit(request.maxOutputTokens, wording),
    ...sampling(request, wording),
    ...stops(request.stop, wording),
  };
}

function limit(wanted: number | null, { target, dropped }: Wording): Settings {
  const most = target.facts.maxOutputTokens;
  if (wanted === null) return {};
  if (most === null || wanted <= most) return { maxOutputTokens: wanted };
  dropped.add('max_tokens');
  return { maxOutputTokens: most };
}

/** The SDK leaves out and tells what Bedrock lacks, and what single models lack that it knows of. */
function sampling({ sampling: wanted }: CanonicalRequest, { kind, target, dropped }: Wording): Settings {
  const seed = seeded(wanted.seed, kind, dropped);
  const said = asSaid(wanted);
  if (target.facts.sampling === false) {
    dropped.add(...NAMES.filter(([name]) => !isUsual(name, said[name])).map(([, shown]) => shown));
    return seed;
  }
  if (kind !== 'bedrock' && (said.temperature ?? 0) > GEMINI_HOTTEST) {
    said.temperature = GEMINI_HOTTEST;
    dropped.add('temperature');
  }
  return { ...said, ...seed };
}

const NAMES = [
  ['temperature', 'temperature'],
  ['topP', 'top_p'],
  ['topK', 'top_k'],
  ['presencePenalty', 'presence_penalty'],
  ['frequencyPenalty', 'frequency_penalty'],
] as const;

function asSaid(wanted: CanonicalRequest['sampling']): Settings {
  const said: Settings = {};
  // A penalty of 0 is none.
  for (const [name] of NAMES)
    if (wanted[name] !== null && !isNoPenalty(name, wanted[name])) said[name] = wanted[name];
  return said;
}

function isNoPenalty(name: string, value: number): boolean {
  return value === 0 && name.endsWith('Penalty');
}

/** 1 is what holds for the first two where nothing is said. */
function isUsual(name: string, value: number | undefined): boolean {
  return value === undefined || (value === 1 && (name === 'temperature' || name === 'topP'));
}

function seeded(seed: number | null, kind: Wording['kind'], dropped: Wording['dropped']): Settings {
  if (seed === null) return {};
  if (kind !== 'bedrock' && Number.isInteger(seed) && Math.abs(seed) <= LARGEST_SEED) return { seed };
  dropped.add('seed');
  return {};
}

function stops(stop: readonly string[], { kind, dropped }: Wording): Settings {
  if (stop.length === 0) return {};
  if (kind === 'bedrock' || stop.length <= GEMINI_STOPS) return { stopSequences: [...stop] };
  dropped.add('stop');
  return { stopSequences: stop.slice(0, GEMINI_STOPS) };
}
