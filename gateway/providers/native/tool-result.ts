/** What a tool gave back, as the AI SDK takes it. */
import { leftOut } from '../../protocols/canonical/fit-parts.ts';
import type { ToolResultPart } from '../../protocols/canonical/request.ts';
import { mediaOf } from './media.ts';
import type { FileContent, ResultContent, ResultOutput } from './sdk.ts';
import { isBlank, type Wording } from './wording.ts';

/** Said where a tool gave no text: Bedrock refuses blank ones, and Gemini a result that is a file alone. */
const NO_TEXT = '(no text)';

export function resultContent(part: ToolResultPart, toolName: string, wording: Wording): ResultContent {
  return { type: 'tool-result', toolCallId: part.callId, toolName, output: output(part, wording) };
}

/** The texts of a result are one: from several, the SDK would make several results for older Gemini models. */
function output({ parts, isError }: ToolResultPart, wording: Wording): ResultOutput {
  const shown = parts.map((part) => shownPart(part, wording));
  const files = shown.filter((part): part is FileContent => typeof part !== 'string');
  const joined = shown.filter((part): part is string => typeof part === 'string').join('\n');
  const text = isBlank(joined) && (wording.kind === 'bedrock' || files.length > 0) ? NO_TEXT : joined;
  // Only Gemini has a field that tells a failure, and only beside a text.
  const tellsError = wording.kind !== 'bedrock' && files.length === 0;
  const value = isError && !tellsError ? `Error: ${text}` : text;
  if (files.length > 0) return { type: 'content', value: [{ type: 'text', text: value }, ...files] };
  return { type: isError ? 'error-text' : 'text', value };
}

/** Within a result neither service takes a file by its address, nor the SDK a text as a file. */
function shownPart(part: ToolResultPart['parts'][number], wording: Wording): FileContent | string {
  if (part.type === 'text') return part.text;
  if (part.source.kind === 'text') return part.source.text;
  if (part.source.kind !== 'url') return mediaOf(part, wording);
  wording.dropped.add(part.type);
  return leftOut(part).text;
}
