const DAY_MS = 86_400_000;

/** Half-open span of wall-clock milliseconds. */
export interface Span {
  from: number;
  to: number;
}

/** `startDate` and `endDate` as a span. A day alone as `endDate` includes that day. */
export function spanOf({
  startDate,
  endDate,
}: {
  startDate?: string | undefined;
  endDate?: string | undefined;
}): Span {
  return {
    from: startDate === undefined ? 0 : Date.parse(startDate),
    to: endDate === undefined ? Number.MAX_SAFE_INTEGER : endOf(endDate),
  };
}

function endOf(edge: string): number {
  const isDay = !edge.includes('T');
  return Date.parse(edge) + (isDay ? DAY_MS : 0);
}
