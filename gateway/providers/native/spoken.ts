/** Instructions and conversation apart: neither service has a place for instructions among what is said. */
import type {
  AssistantTurn,
  SystemTurn,
  TextPart,
  Turn,
  UserTurn,
} from '../../protocols/canonical/request.ts';

type Spoken = UserTurn | AssistantTurn;

/** Both want the user to speak first. */
const ASSISTANT_FIRST: UserTurn = {
  role: 'user',
  parts: [{ type: 'text', text: '(The assistant speaks first.)' }],
};

/**
 * What leads is the system prompt; where nobody has spoken yet, its last text is what the user says. Later
 * instructions keep their place, as words of the user's: what stands before them stays the same for caches.
 */
export function split(turns: readonly Turn[]): { system: TextPart[]; spoken: Spoken[] } {
  const first = turns.findIndex((turn) => turn.role !== 'system');
  const leading = first === -1 ? turns : turns.slice(0, first);
  const system = leading.flatMap((turn) => (turn.role === 'system' ? turn.parts : []));
  if (first === -1)
    return { system: system.slice(0, -1), spoken: [{ role: 'user', parts: system.slice(-1) }] };
  const spoken = joined(turns.slice(first).map((turn) => (turn.role === 'system' ? asUser(turn) : turn)));
  return { system, spoken: spoken[0]?.role === 'assistant' ? [ASSISTANT_FIRST, ...spoken] : spoken };
}

function asUser({ parts }: SystemTurn): UserTurn {
  return { role: 'user', parts: parts.map((part) => ({ ...part, text: `System: ${part.text}` })) };
}

function joined(turns: readonly Spoken[]): Spoken[] {
  const result: Spoken[] = [];
  for (const turn of turns) {
    const last = result.at(-1);
    if (turn.role !== 'user') result.push(turn);
    else if (last?.role !== 'user') result.push({ role: 'user', parts: [...turn.parts] });
    else for (const part of turn.parts) last.parts.push(part);
  }
  return result;
}
