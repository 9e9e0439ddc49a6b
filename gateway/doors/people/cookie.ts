import type { IncomingMessage } from 'node:http';

/** A secret of one of the colleagues' pages, in a cookie that no script reads and no other site's page sends. */
export interface SecretCookie {
  name: string;
  /** Where alone the browser sends it. */
  path: string;
  /** How long the browser keeps it, seconds; until it is closed unless given. */
  maxAge?: number;
}

/** @returns the secret a browser sent, '' when it sent none */
export function cookieOf(request: IncomingMessage, { name }: SecretCookie): string {
  const cookies = (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
  return cookies.find((cookie) => cookie.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
}

/** `Set-Cookie`, for the connection it goes out on: over TLS the browser never sends it in the clear. */
export function setCookie(request: IncomingMessage, cookie: SecretCookie, secret: string): string {
  const age = cookie.maxAge === undefined ? [] : [`Max-Age=${cookie.maxAge}`];
  return [`${cookie.name}=${secret}`, ...attributes(request, cookie), ...age].join('; ');
}

export function clearCookie(request: IncomingMessage, cookie: SecretCookie): string {
  return [`${cookie.name}=`, ...attributes(request, cookie), 'Max-Age=0'].join('; ');
}

function attributes(request: IncomingMessage, { path }: SecretCookie): string[] {
  const secure = 'encrypted' in request.socket ? ['Secure'] : [];
  return [`Path=${path}`, 'HttpOnly', 'SameSite=Strict', ...secure];
}
