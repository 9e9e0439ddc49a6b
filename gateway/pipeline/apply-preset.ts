import type { Preset } from '../catalogue/presets.ts';
import { withDefaultParameters } from '../protocols/defaults/parameters.ts';
import { withSystemPrompt } from '../protocols/defaults/system-prompt.ts';
import type { Endpoint } from '../protocols/endpoint.ts';
import { type InferenceBody, readInferenceBody } from '../protocols/inference-body.ts';
import type { ModelFacts } from '../protocols/model-facts.ts';

/**
 * Puts what the owner set for the route's tool into the body, before anything is estimated or sent.
 * @param facts of the model that will serve; asked for only where they matter
 * @returns the very body that came where the preset adds nothing
 * @throws GatewayError never for a body that was read before
 */
export function applyPreset(
  endpoint: Endpoint,
  body: InferenceBody,
  preset: Preset | undefined,
  facts: () => ModelFacts,
): InferenceBody {
  if (preset === undefined) return body;
  const { systemPrompt, parameters } = preset;
  const prompted =
    systemPrompt === null ? body : reread(endpoint, body, withSystemPrompt(endpoint, body, systemPrompt));
  if (Object.keys(parameters).length === 0) return prompted;
  return reread(endpoint, prompted, withDefaultParameters(endpoint, prompted, parameters, facts()));
}

function reread(endpoint: Endpoint, body: InferenceBody, bytes: Buffer): InferenceBody {
  return bytes === body.bytes ? body : readInferenceBody(endpoint, bytes);
}
