/**
 * Puts a conversation in the order every service accepts: turns of one role are one, each call of a tool is
 * answered right behind it, nothing is empty. Clients and earlier providers leave all kinds of gaps.
 */
import type {
  AssistantPart,
  AssistantTurn,
  ToolCallPart,
  ToolResultPart,
  Turn,
  UserPart,
} from './request.ts';

/** Said for a call whose result the caller left out: services refuse a call without one. */
const NO_RESULT = 'No result of this call was recorded.';

/** Put before a result whose call the caller left out: services refuse it as a result. */
const STRAY_RESULT = 'Result of an earlier tool call:';

export function inOrder(turns: readonly Turn[]): Turn[] {
  const filled = turns.map(withoutEmptyText);
  const { turns: paired } = pair(merged(filled));
  return merged(paired).filter((turn) => turn.parts.length > 0);
}

function withoutEmptyText(turn: Turn): Turn {
  const parts = (turn.parts as Turn['parts'][number][]).filter(
    (part) => part.type !== 'text' || part.text !== '',
  );
  return { ...turn, parts } as Turn;
}

/** Turns without parts separate nothing. */
function merged(turns: readonly Turn[]): Turn[] {
  const result: Turn[] = [];
  for (const turn of turns) {
    if (turn.parts.length === 0) continue;
    const last = result.at(-1);
    if (last?.role !== turn.role) result.push({ ...turn } as Turn);
    else if (last.role === 'assistant') last.parts = joined(last.parts, (turn as AssistantTurn).parts);
    else last.parts = [...last.parts, ...turn.parts] as UserPart[] & typeof last.parts;
  }
  return result;
}

/** What is said behind calls, before their results, belongs before them. */
function joined(before: AssistantPart[], after: AssistantPart[]): AssistantPart[] {
  const firstCall = before.findIndex((part) => part.type === 'tool_call');
  const isSpeech = after.every((part) => part.type === 'text' || part.type === 'refusal');
  if (firstCall === -1 || !isSpeech) return [...before, ...after];
  return [...before.slice(0, firstCall), ...after, ...before.slice(firstCall)];
}

interface FoundResult {
  turn: number;
  part: ToolResultPart;
  used: boolean;
}

function pair(turns: readonly Turn[]): { turns: Turn[] } {
  const results: FoundResult[] = turns.flatMap((turn, index) =>
    turn.role === 'user'
      ? turn.parts.flatMap((part) =>
          part.type === 'tool_result' ? [{ turn: index, part, used: false }] : [],
        )
      : [],
  );
  const ids = new UniqueIds();
  const answered = turns.map((turn, index) =>
    turn.role === 'assistant' ? withResults(turn, index, results, ids) : undefined,
  );
  const stray = new Set(results.filter(({ used }) => !used).map(({ part }) => part));
  return {
    turns: turns.flatMap((turn, index): Turn[] => {
      if (turn.role === 'user')
        return [{ role: 'user', parts: turn.parts.flatMap((part) => unpaired(part, stray)) }];
      return answered[index] ?? [turn];
    }),
  };
}

/** An assistant turn, and behind it the results of its calls in the calls' order. */
function withResults(turn: AssistantTurn, index: number, results: FoundResult[], ids: UniqueIds): Turn[] {
  const answers: ToolResultPart[] = [];
  const parts = turn.parts.map((part): AssistantPart => {
    if (part.type !== 'tool_call') return part;
    const found = results.find(
      (result) => !result.used && result.turn > index && result.part.callId === part.id,
    );
    if (found !== undefined) found.used = true;
    const call = { ...part, id: ids.next(part.id) };
    answers.push({ ...(found?.part ?? noResult(part)), callId: call.id });
    return call;
  });
  return answers.length === 0
    ? [turn]
    : [
        { role: 'assistant', parts },
        { role: 'user', parts: answers },
      ];
}

function noResult(call: ToolCallPart): ToolResultPart {
  return {
    type: 'tool_result',
    callId: call.id,
    parts: [{ type: 'text', text: NO_RESULT }],
    isError: true,
    custom: call.kind === 'custom',
  };
}

/** Results have moved behind their calls; one that has none stays where it is, as what the user said. */
function unpaired(part: UserPart, stray: ReadonlySet<ToolResultPart>): UserPart[] {
  if (part.type !== 'tool_result') return [part];
  return stray.has(part) ? [{ type: 'text', text: STRAY_RESULT }, ...part.parts] : [];
}

/** Some servers count their calls anew in each turn. */
class UniqueIds {
  readonly #seen = new Map<string, number>();

  next(id: string): string {
    const count = (this.#seen.get(id) ?? 0) + 1;
    this.#seen.set(id, count);
    if (count === 1) return id;
    return this.next(`${id}_${count}`);
  }
}
