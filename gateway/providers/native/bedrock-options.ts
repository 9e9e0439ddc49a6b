/** What Bedrock's Converse has no field of its own for: thinking, JSON answers, service tiers. */
import { effortFor } from '../../protocols/canonical/reasoning.ts';
import type { CanonicalRequest } from '../../protocols/canonical/request.ts';
import { bedrockModel } from './bedrock-models.ts';
import { anthropicThinking } from './bedrock-thinking.ts';
import { bedrockTools } from './bedrock-tools.ts';
import { reportLacking, tierAmong } from './lacking.ts';
import { asksToThink } from './reasoning-wish.ts';
import type { CallOptions, Fields } from './sdk.ts';
import type { Wording } from './wording.ts';

/** @param settings limits and sampling, as far as they fit so far */
export function bedrockOptions(
  request: CanonicalRequest,
  settings: Partial<CallOptions>,
  wording: Wording,
): Partial<CallOptions> {
  reportLacking(request, wording.dropped);
  const { anthropic } = bedrockModel(wording.target.upstreamModel);
  if (request.parallelToolCalls === false && !anthropic) wording.dropped.add('parallel_tool_calls');
  const { fields: toolFields, ...tools } = bedrockTools(request, wording);
  const thinking = anthropic
    ? anthropicThinking(request, settings, wording)
    : effort(request, settings, wording);
  const fields = { ...thinking.fields, ...toolFields };
  return {
    ...thinking.settings,
    ...format(request, wording),
    ...tools,
    providerOptions: {
      amazonBedrock: {
        ...(Object.keys(fields).length === 0 ? {} : { additionalModelRequestFields: fields }),
        ...tier(request.serviceTier, wording),
      },
      ...(anthropic && request.parallelToolCalls === false && request.toolChoice?.type !== 'none'
        ? { anthropic: { disableParallelToolUse: true } }
        : {}),
    },
  };
}

/** The SDK knows which other models take an effort and tells of those that do not. */
function effort(
  { reasoning }: CanonicalRequest,
  { topK, ...settings }: Partial<CallOptions>,
  { target, dropped }: Wording,
): { settings: Partial<CallOptions>; fields: Fields } {
  if (topK !== undefined) dropped.add('top_k');
  const asked = effortFor(reasoning, target.facts);
  if (target.facts.efforts?.length === 0 && asksToThink(reasoning)) dropped.add('reasoning');
  if (asked === null || asked === 'none') return { settings, fields: {} };
  return { settings: { ...settings, reasoning: asked === 'max' ? 'xhigh' : asked }, fields: {} };
}

/** The SDK asks for a schema as each model takes it. JSON of any form cannot be asked for. */
function format({ format: wanted }: CanonicalRequest, { dropped }: Wording): Partial<CallOptions> {
  if (wanted === null) return {};
  if (wanted.type === 'json_object') {
    dropped.add('response_format');
    return {};
  }
  const { $schema: _, ...schema } = wanted.schema;
  return { responseFormat: { type: 'json', schema } };
}

/** https://docs.aws.amazon.com/bedrock/latest/userguide/service-tiers-inference.html */
function tier(wanted: string | null, { dropped }: Wording): Fields {
  const found = tierAmong(['flex', 'priority', 'reserved'], wanted, dropped);
  return found === null ? {} : { serviceTier: found };
}
