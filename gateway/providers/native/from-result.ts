/** A whole answer of the AI SDK as the gateway's. */
import type { CanonicalAnswer, ProviderError } from '../../protocols/canonical/answer.ts';
import type { Dropped } from '../../protocols/canonical/dropped.ts';
import type { AssistantPart } from '../../protocols/canonical/request.ts';
import { COMMON_IDS, fittingId } from '../../protocols/canonical/tool-ids.ts';
import { isObject, objectsIn, parseObject } from '../../protocols/json.ts';
import { endingOf } from './ending.ts';
import type { NativeKind } from './kinds.ts';
import { signatureOf, stopSequenceOf } from './metadata.ts';
import { replayOf } from './replay.ts';
import type { WholeResult } from './sdk.ts';
import { type Maker, SIGNATURES } from './signatures.ts';
import { nativeUsage } from './usage.ts';
import { reportWarnings } from './warnings.ts';

type Content = WholeResult['content'][number];

/**
 * @param body the answer's own text: the SDK parses the arguments of calls with losses
 * @returns an error where the provider broke the answer off, null where the answer tells no end
 */
export function fromResult(
  kind: NativeKind,
  result: WholeResult,
  body: string,
  maker: Maker,
  dropped: Dropped,
): CanonicalAnswer | { error: ProviderError } | null {
  reportWarnings(result.warnings, dropped);
  const ending = endingOf(kind, result.finishReason, stopSequenceOf(result));
  if (ending === null || 'error' in ending) return ending;
  const inputs = kind === 'bedrock' ? exactInputs(body) : new Map<string, string>();
  const parts = result.content.flatMap((content) => partOf(content, kind, maker, inputs, dropped));
  return { parts, finish: ending.finish, usage: nativeUsage(kind, result.usage.raw) };
}

function partOf(
  content: Content,
  kind: NativeKind,
  maker: Maker,
  inputs: ReadonlyMap<string, string>,
  dropped: Dropped,
): AssistantPart[] {
  const signature = signatureOf(content);
  switch (content.type) {
    case 'text':
      return content.text === '' ? [] : [{ type: 'text', text: content.text }];
    case 'reasoning':
      if (content.text === '' && signature === null) return [];
      return [{ type: 'reasoning', text: content.text, replay: replayOf(maker, signature) }];
    case 'tool-call': {
      if (content.providerExecuted === true) return [];
      const id = fittingId(content.toolCallId, COMMON_IDS);
      if (kind !== 'bedrock' && signature !== null) SIGNATURES.keep(maker, id, signature.data);
      const input = inputs.get(content.toolCallId) ?? content.input;
      return [{ type: 'tool_call', id, name: content.toolName, kind: 'function', input }];
    }
    case 'file':
      dropped.add('image');
      return [];
    default:
      return [];
  }
}

/** The arguments of Bedrock's calls by their ids, with every digit. Gemini's are doubles from the start. */
function exactInputs(body: string): Map<string, string> {
  const output = parseObject(body)?.output;
  const message = isObject(output) && isObject(output.message) ? output.message : {};
  const calls = objectsIn(message.content).flatMap(({ toolUse }) => (isObject(toolUse) ? [toolUse] : []));
  return new Map(
    calls.flatMap(({ toolUseId, input }) =>
      typeof toolUseId === 'string' && isObject(input) ? [[toolUseId, JSON.stringify(input)] as const] : [],
    ),
  );
}
