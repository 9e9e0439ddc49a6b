import type { IncomingMessage } from 'node:http';

const NAME = 'ntl_session';

/** @returns the session id a browser sent, null when it sent none */
export function sessionCookie(request: IncomingMessage): string | null {
  const cookies = (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
  const found = cookies.find((cookie) => cookie.startsWith(`${NAME}=`));
  return found === undefined ? null : found.slice(NAME.length + 1);
}

/** `Set-Cookie` of a new session. No script reads it, and no other site's page sends it. */
export function setSessionCookie(id: string): string {
  return `${NAME}=${id}; Path=/; HttpOnly; SameSite=Strict`;
}

/** `Set-Cookie` that takes the session off the browser. */
export function clearSessionCookie(): string {
  return `${NAME}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`;
}
