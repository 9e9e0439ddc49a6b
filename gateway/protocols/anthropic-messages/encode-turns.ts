/** Puts a conversation in the order that the service takes, and into its words. */
import type { Dropped } from '../canonical/dropped.ts';
import { asUser, lateSystemAsUser, usersJoined } from '../canonical/late-system.ts';
import type { SystemTurn, TextPart, Turn, UserTurn } from '../canonical/request.ts';
import type { Target } from '../canonical/target.ts';
import { asText, type JsonObject } from '../json.ts';
import { encodeAssistantParts, encodeTexts, encodeUserParts } from './encode-blocks.ts';

/** The first message must be a user's. */
const ASSISTANT_FIRST: UserTurn = {
  role: 'user',
  parts: [{ type: 'text', text: '(The assistant speaks first.)' }],
};

/** The service refuses text without a letter, and a turn of nothing else must stay a turn. */
const BLANK = '(blank)';

export interface EncodedTurns {
  /** Blocks of text; [] for none. */
  system: JsonObject[];
  messages: JsonObject[];
}

export function encodeTurns(turns: readonly Turn[], target: Target, dropped: Dropped): EncodedTurns {
  const { system, spoken } = split(withoutBlankSystem(turns));
  const placed = target.traits.messages.systemTurns ? behindUsers(spoken) : lateSystemAsUser(spoken);
  if (placed[0]?.role === 'assistant') placed.unshift(ASSISTANT_FIRST);
  const messages = placed.map((turn) => ({ role: turn.role, content: encodeTurn(turn, target, dropped) }));
  return { system: encodeTexts(system), messages: withTidyEnd(messages) };
}

function encodeTurn(turn: Turn, target: Target, dropped: Dropped): JsonObject[] {
  switch (turn.role) {
    case 'user':
      return encodeUserParts(turn.parts, target, dropped);
    case 'assistant':
      return encodeAssistantParts(turn.parts, dropped);
    default:
      return encodeTexts(turn.parts);
  }
}

function withoutBlankSystem(turns: readonly Turn[]): Turn[] {
  return turns.flatMap((turn): Turn[] => {
    if (turn.role !== 'system') return [turn];
    const parts = turn.parts.filter(({ text }) => text.trim() !== '');
    return parts.length === 0 ? [] : [{ role: 'system', parts }];
  });
}

/** What leads is the system prompt. Where nobody has spoken yet, its last text is what the user says. */
function split(turns: readonly Turn[]): { system: TextPart[]; spoken: Turn[] } {
  const first = turns.findIndex((turn) => turn.role !== 'system');
  const count = first === -1 ? turns.length : first;
  const system = (turns.slice(0, count) as SystemTurn[]).flatMap((turn) => turn.parts);
  if (first !== -1) return { system, spoken: turns.slice(count) };
  return { system: system.slice(0, -1), spoken: [{ role: 'user', parts: system.slice(-1) }] };
}

/**
 * A system message among others must follow a user's and be followed by an assistant's, or be the last
 * (https://platform.claude.com/docs/en/build-with-claude/mid-conversation-system-messages, "limitations"). One
 * that stands before a user's message goes behind it: it governs the same answer, and a later request of the
 * conversation has it at the same place, so that caches and thinking stay valid. One with no user's message
 * beside it is told as the user's.
 */
function behindUsers(spoken: readonly Turn[]): Turn[] {
  const placed: Turn[] = [];
  let waiting: TextPart[] = [];
  const settle = () => {
    if (waiting.length > 0) {
      const parts = waiting;
      placed.push(
        placed.at(-1)?.role === 'user' ? { role: 'system', parts } : asUser({ role: 'system', parts }),
      );
    }
    waiting = [];
  };
  for (const turn of spoken) {
    if (turn.role === 'system') {
      waiting.push(...turn.parts);
      continue;
    }
    if (turn.role === 'assistant') settle();
    placed.push(turn);
  }
  settle();
  return usersJoined(placed);
}

/**
 * An assistant's message at the end begins the answer; it may not end in blanks, and is no message if it has
 * nothing else. Any other message with nothing to say says so.
 */
function withTidyEnd(messages: readonly JsonObject[]): JsonObject[] {
  const last = messages.at(-1);
  const kept = [...messages];
  if (last?.role === 'assistant') {
    const content = trimmedEnd(last.content as JsonObject[]);
    kept.splice(-1, 1, ...(content.length === 0 ? [] : [{ ...last, content }]));
  }
  return kept.map((message) =>
    (message.content as JsonObject[]).length === 0
      ? { ...message, content: [{ type: 'text', text: BLANK }] }
      : message,
  );
}

function trimmedEnd(blocks: readonly JsonObject[]): JsonObject[] {
  const last = blocks.at(-1);
  if (last?.type !== 'text') return [...blocks];
  return [...blocks.slice(0, -1), { ...last, text: (asText(last.text) ?? '').trimEnd() }];
}
