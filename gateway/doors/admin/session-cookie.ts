import type { IncomingMessage } from 'node:http';

const NAME = 'ntl_session';

/**
 * Where alone it is needed. A browser sends cookies to every port of a host (RFC 6265 §8.5): so at least no other
 * server on this computer gets it that nobody asks for such a path.
 */
const PATH = '/admin/api';

/** @returns the session id a browser sent, null when it sent none */
export function sessionCookie(request: IncomingMessage): string | null {
  const cookies = (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
  const found = cookies.find((cookie) => cookie.startsWith(`${NAME}=`));
  return found === undefined ? null : found.slice(NAME.length + 1);
}

/** `Set-Cookie` of a new session. No script reads it, and no other site's page sends it. @param secure over HTTPS alone */
export function setSessionCookie(id: string, secure = false): string {
  return `${NAME}=${id}; Path=${PATH}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
}

/** `Set-Cookie` that takes the session off the browser. */
export function clearSessionCookie(): string {
  return `${NAME}=; Path=${PATH}; HttpOnly; SameSite=Strict; Max-Age=0`;
}
