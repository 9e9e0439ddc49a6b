import type { SystemTurn, Turn, UserPart, UserTurn } from './request.ts';

/**
 * For services that know instructions at the beginning alone: later ones keep their place as words of the user's,
 * who then speaks in one turn, with the results of tools at its beginning.
 * @param turns as `prepare` leaves them
 */
export function lateSystemAsUser(turns: readonly Turn[]): Turn[] {
  const first = turns.findIndex((turn) => turn.role !== 'system');
  const leading = first === -1 ? turns.length : first;
  const late = turns.slice(leading).map((turn) => (turn.role === 'system' ? asUser(turn) : turn));
  return [...turns.slice(0, leading), ...usersJoined(late)];
}

export function asUser({ parts }: SystemTurn): UserTurn {
  return { role: 'user', parts: parts.map((part) => ({ ...part, text: `System: ${part.text}` })) };
}

/** Users' turns in a row are one; results stay at its beginning, since they must follow their calls. */
export function usersJoined(turns: readonly Turn[]): Turn[] {
  const result: Turn[] = [];
  for (const turn of turns) {
    const last = result.at(-1);
    if (turn.role === 'user' && last?.role === 'user') {
      result[result.length - 1] = { role: 'user', parts: resultsFirst([...last.parts, ...turn.parts]) };
    } else result.push(turn);
  }
  return result;
}

function resultsFirst(parts: readonly UserPart[]): UserPart[] {
  const isResult = (part: UserPart) => part.type === 'tool_result';
  return [...parts.filter(isResult), ...parts.filter((part) => !isResult(part))];
}
