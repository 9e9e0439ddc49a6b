/** The conversation as the AI SDK takes it. */
import type { TextPart, Turn, UserPart } from '../../protocols/canonical/request.ts';
import { assistantContent } from './assistant-content.ts';
import { mediaOf } from './media.ts';
import type { Message, UserContent } from './sdk.ts';
import { split } from './spoken.ts';
import { resultContent } from './tool-result.ts';
import { isBlank, marked, type Wording } from './wording.ts';

/** Said where nothing else is left to say: Bedrock refuses turns and texts that are blank. */
const BLANK = '(blank)';

export function toPrompt(turns: readonly Turn[], wording: Wording): Message[] {
  const { system, spoken } = split(turns);
  const names = callNames(turns);
  return [
    ...system.filter(({ text }) => !isBlank(text)).map((part) => systemMessage(part, wording)),
    ...spoken.flatMap((turn): Message[] => {
      if (turn.role === 'user') return userMessages(turn.parts, names, wording);
      const content = assistantContent(turn.parts, wording);
      return content.length === 0 ? [] : [{ role: 'assistant', content }];
    }),
  ];
}

function systemMessage({ text, cache }: TextPart, wording: Wording): Message {
  return { role: 'system', content: text, ...marked(cache, wording) };
}

function userMessages(parts: UserPart[], names: ReadonlyMap<string, string>, wording: Wording): Message[] {
  const results = parts.filter((part) => part.type === 'tool_result');
  const others = parts.filter((part) => part.type !== 'tool_result');
  const content = results.map((part) => ({
    ...resultContent(part, names.get(part.callId) ?? '', wording),
    ...marked(part.cache ?? part.parts.findLast(({ cache }) => cache !== undefined)?.cache, wording),
  }));
  return [
    ...(content.length === 0 ? [] : [{ role: 'tool' as const, content }]),
    ...(others.length === 0 ? [] : [userMessage(others, wording)]),
  ];
}

function userMessage(parts: readonly UserPart[], wording: Wording): Message {
  const content = parts.flatMap((part) => userContent(part, wording));
  return { role: 'user', content: content.length === 0 ? [{ type: 'text', text: BLANK }] : content };
}

function userContent(part: UserPart, wording: Wording): UserContent[] {
  if (part.type === 'tool_result' || part.type === 'opaque') return [];
  if (part.type === 'text') {
    if (wording.kind === 'bedrock' && isBlank(part.text)) return [];
    return [{ type: 'text', text: part.text, ...marked(part.cache, wording) }];
  }
  const media = mediaOf(part, wording);
  const options = part.type === 'audio' ? {} : marked(part.cache, wording);
  return [typeof media === 'string' ? { type: 'text', text: media, ...options } : { ...media, ...options }];
}

/** The names of the tools called, by the calls' ids: a result names its tool too. */
function callNames(turns: readonly Turn[]): Map<string, string> {
  const calls = turns.flatMap((turn) => (turn.role === 'assistant' ? turn.parts : []));
  return new Map(calls.flatMap((part) => (part.type === 'tool_call' ? [[part.id, part.name] as const] : [])));
}
