/** What the model said, thought and called, as the AI SDK takes it back. */
import { GatewayError } from '../../errors.ts';
import type { AssistantPart, ReasoningPart, ToolCallPart } from '../../protocols/canonical/request.ts';
import { type JsonObject, parseObject } from '../../protocols/json.ts';
import type { AssistantContent, ProviderOptions } from './sdk.ts';
import { SIGNATURES } from './signatures.ts';
import { isBlank, marked, type Wording } from './wording.ts';

/** @throws GatewayError `invalid_request` for a call whose arguments are no JSON object */
export function assistantContent(parts: readonly AssistantPart[], wording: Wording): AssistantContent[] {
  return parts.flatMap((part): AssistantContent[] => {
    switch (part.type) {
      case 'text':
      case 'refusal': {
        if (wording.kind === 'bedrock' && isBlank(part.text)) return [];
        const mark = part.type === 'text' ? marked(part.cache, wording) : {};
        return [{ type: 'text', text: part.text, ...mark }];
      }
      case 'reasoning':
        return reasoning(part, wording);
      case 'tool_call':
        return [call(part, wording)];
      default:
        return [];
    }
  });
}

/** Gemini needs no thoughts back, but what it signed; Bedrock takes none unsigned. */
function reasoning({ text, replay }: ReasoningPart, { kind }: Wording): AssistantContent[] {
  if (replay === null || replay.data === '') return [];
  const { data, redacted } = replay;
  const providerOptions: ProviderOptions =
    kind === 'bedrock'
      ? { amazonBedrock: redacted ? { redactedContent: data } : { signature: data } }
      : { google: { thoughtSignature: data } };
  return [{ type: 'reasoning', text, providerOptions }];
}

function call(part: ToolCallPart, wording: Wording): AssistantContent {
  const { kind, target } = wording;
  const signature = kind === 'bedrock' ? undefined : SIGNATURES.of(target, part.id);
  return {
    type: 'tool-call',
    toolCallId: part.id,
    toolName: part.name,
    input: argumentsOf(part),
    ...marked(part.cache, wording),
    ...(signature === undefined ? {} : { providerOptions: { google: { thoughtSignature: signature } } }),
  };
}

/** Parsed so that every number keeps its digits; as a text, the SDK would parse it with losses. */
function argumentsOf({ name, input }: ToolCallPart): JsonObject {
  const parsed = isBlank(input) ? {} : parseObject(input);
  if (parsed !== undefined) return parsed;
  throw new GatewayError(
    'invalid_request',
    `The arguments of a call of the tool "${name}" in the conversation are not a JSON object; this model takes nothing else.`,
  );
}
