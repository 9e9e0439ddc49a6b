/** A request in the words of a provider that the AI SDK speaks to. */
import type { Dropped } from '../../protocols/canonical/dropped.ts';
import type { CanonicalRequest } from '../../protocols/canonical/request.ts';
import type { Target } from '../../protocols/canonical/target.ts';
import { bedrockModel } from './bedrock-models.ts';
import { bedrockOptions } from './bedrock-options.ts';
import { googleOptions } from './google-options.ts';
import type { NativeKind } from './kinds.ts';
import type { CallOptions } from './sdk.ts';
import { toPrompt } from './to-prompt.ts';
import { toSettings } from './to-settings.ts';
import { toToolChoice, toTools } from './to-tools.ts';
import type { Wording } from './wording.ts';

export interface NativeCall {
  target: Omit<Target, 'traits'>;
  options: CallOptions;
}

/**
 * @param request made ready by `prepare` for the protocol `native`
 * @param dropped is told what the provider cannot take
 * @throws GatewayError `invalid_request` for what cannot be said to it
 */
export function nativeCall(
  kind: NativeKind,
  request: CanonicalRequest,
  target: Target,
  dropped: Dropped,
): NativeCall {
  const caching = kind === 'bedrock' ? bedrockModel(target.upstreamModel).caching : null;
  const wording: Wording = { kind, target, dropped, caching };
  const prompt = toPrompt(request.turns, wording);
  const settings = toSettings(request, wording);
  const options =
    kind === 'bedrock'
      ? bedrockOptions(request, settings, wording)
      : { ...settings, ...googleTools(request, wording), ...googleOptions(request, wording) };
  return { target, options: { prompt, ...options } };
}

function googleTools(request: CanonicalRequest, wording: Wording): Partial<CallOptions> {
  const tools = toTools(request.tools, wording);
  if (tools.length === 0) return {};
  return { tools, ...toToolChoice(request.toolChoice) };
}
