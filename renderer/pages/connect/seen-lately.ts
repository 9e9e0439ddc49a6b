const WEEK_MS = 7 * 86_400_000;

/** Whether a tool is in use: it has sent a request in the last 7 days. */
export function seenLately(lastSeenAt: string | null, now = Date.now()): boolean {
  return lastSeenAt !== null && now - Date.parse(lastSeenAt) < WEEK_MS;
}
