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
  const rows: Row[] = [];
  for (const { role, parts } of turns) {
    if (parts.length === 0) continue;
    if (rows.at(-1)?.role !== role) rows.push(new Row(role));
    rows.at(-1)?.add(parts);
  }
  return rows.map((row) => row.turn());
}

type Part = Turn['parts'][number];

/** Turns of one role in a row. They may be tens of thousands: no part is copied twice. */
class Row {
  readonly role: Turn['role'];
  readonly #parts: Part[] = [];
  /** From the first call on. */
  readonly #calls: Part[] = [];

  constructor(role: Turn['role']) {
    this.role = role;
  }

  /** What is said behind calls, before their results, belongs before them. */
  add(parts: readonly Part[]): void {
    const isSaid = parts.every(isSpeech);
    for (const part of parts) {
      const isBehind = part.type === 'tool_call' || (this.#calls.length > 0 && !isSaid);
      (isBehind ? this.#calls : this.#parts).push(part);
    }
  }

  turn(): Turn {
    return { role: this.role, parts: [...this.#parts, ...this.#calls] } as Turn;
  }
}

function isSpeech({ type }: Part): boolean {
  return type === 'text' || type === 'refusal';
}

interface FoundResult {
  turn: number;
  part: ToolResultPart;
}

function pair(turns: readonly Turn[]): { turns: Turn[] } {
  const results = new Results(turns);
  const ids = new UniqueIds();
  const answered = turns.map((turn, index) =>
    turn.role === 'assistant' ? withResults(turn, index, results, ids) : undefined,
  );
  return {
    turns: turns.flatMap((turn, index): Turn[] => {
      if (turn.role === 'user')
        return [{ role: 'user', parts: turn.parts.flatMap((part) => unpaired(part, results.stray)) }];
      return answered[index] ?? [turn];
    }),
  };
}

/** The results of a conversation, by the id of their call. */
class Results {
  /** Those that no call has taken. */
  readonly stray = new Set<ToolResultPart>();
  /** Each in order, the next one last. */
  readonly #waiting = new Map<string, FoundResult[]>();

  constructor(turns: readonly Turn[]) {
    for (const [index, turn] of [...turns.entries()].reverse()) {
      if (turn.role !== 'user') continue;
      for (const part of turn.parts.toReversed()) {
        if (part.type === 'tool_result') this.#found({ turn: index, part });
      }
    }
  }

  #found(result: FoundResult): void {
    const { part } = result;
    this.stray.add(part);
    const others = this.#waiting.get(part.callId);
    if (others === undefined) this.#waiting.set(part.callId, [result]);
    else others.push(result);
  }

  /** The first result behind the turn. To be asked in order of turns: what stands before one is before the next, too. */
  take(callId: string, turn: number): ToolResultPart | undefined {
    const waiting = this.#waiting.get(callId) ?? [];
    while ((waiting.at(-1)?.turn ?? turn + 1) <= turn) waiting.pop();
    const part = waiting.pop()?.part;
    if (part !== undefined) this.stray.delete(part);
    return part;
  }
}

/** An assistant turn, and behind it the results of its calls in the calls' order. */
function withResults(turn: AssistantTurn, index: number, results: Results, ids: UniqueIds): Turn[] {
  const answers: ToolResultPart[] = [];
  const parts = turn.parts.map((part): AssistantPart => {
    if (part.type !== 'tool_call') return part;
    const found = results.take(part.id, index);
    const call = { ...part, id: ids.next(part.id) };
    answers.push({ ...(found ?? noResult(part)), callId: call.id });
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
