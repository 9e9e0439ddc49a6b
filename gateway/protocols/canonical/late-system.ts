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
  return rowsOf(turns).flatMap((row) => {
    if (row.length === 1) return row;
    const parts = row.flatMap((turn) => (turn.role === 'user' ? turn.parts : []));
    return [{ role: 'user', parts: resultsFirst(parts) }];
  });
}

/** Users' turns in a row, and every other turn alone. */
function rowsOf(turns: readonly Turn[]): Turn[][] {
  const rows: Turn[][] = [];
  for (const turn of turns) {
    const last = rows.at(-1);
    if (turn.role === 'user' && last?.[0]?.role === 'user') last.push(turn);
    else rows.push([turn]);
  }
  return rows;
}

function resultsFirst(parts: readonly UserPart[]): UserPart[] {
  const isResult = (part: UserPart) => part.type === 'tool_result';
  return [...parts.filter(isResult), ...parts.filter((part) => !isResult(part))];
}
