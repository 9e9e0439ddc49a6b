import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Bursts } from '../../audit/bursts.ts';
import type { Clock } from '../../clock.ts';
import { GatewayError } from '../../errors.ts';
import { isInProcess, refuseOtherOrigins, refuseRemote } from './local-request.ts';
import { sessionCookie } from './session-cookie.ts';
import type { Sessions } from './sessions.ts';

export interface GuardParts {
  adminToken: string;
  allowRemoteAdmin: boolean;
  sessions: Sessions;
  clock: Clock;
}

/** Through which door the owner came. */
export type Actor = 'window' | 'token' | 'browser';

/** Whoever was let in came by one of these. */
export function actorOf(request: IncomingMessage): Actor {
  if (isInProcess(request)) return 'window';
  return request.headers.authorization === undefined ? 'browser' : 'token';
}

/**
 * Who may use the admin API: the desktop window, which reaches it inside the process; else a caller on this
 * computer with the admin token or a signed-in browser's cookie.
 * @returns a check that throws GatewayError `origin_not_allowed`, `invalid_token` or, after ten wrong tokens within a minute,
 *   `rate_limit_minute`
 */
export function createGuard(parts: GuardParts): (request: IncomingMessage) => void {
  const expected = hashOf(parts.adminToken);
  const wrongTokens = new Bursts({ size: 10, withinMs: 60_000, quietMs: 60_000 });

  function checkToken(authorization: string, address: string): void {
    const token = /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? '';
    // The right token always opens: another program's guesses must not shut the owner out. It holds 256 bits.
    if (timingSafeEqual(hashOf(token), expected)) return;
    const now = parts.clock.steady();
    const waitMs = wrongTokens.quietMs(address, now);
    if (waitMs > 0) throw tooManyWrongTokens(waitMs);
    wrongTokens.count(address, now);
    throw notSignedIn(
      'The admin token is wrong. Take it from runtime.json in the data folder; each start makes a new one.',
    );
  }

  return (request) => {
    if (isInProcess(request)) return;
    if (!parts.allowRemoteAdmin) refuseRemote(request);
    refuseOtherOrigins(request);
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      checkToken(authorization, request.socket.remoteAddress ?? '');
      return;
    }
    const session = sessionCookie(request);
    if (session === null || !parts.sessions.use(session)) {
      throw notSignedIn('Sign in first: open the panel from the tray or with the panelUrl in runtime.json.');
    }
  };
}

function notSignedIn(message: string): GatewayError {
  return new GatewayError('invalid_token', message, { headers: { 'www-authenticate': 'Bearer' } });
}

function tooManyWrongTokens(waitMs: number): GatewayError {
  const seconds = Math.ceil(waitMs / 1_000);
  return new GatewayError('rate_limit_minute', `Too many wrong admin tokens; try again in ${seconds} s.`, {
    headers: { 'retry-after': String(seconds) },
  });
}

/** Hashes have one length, and comparing them tells nothing of the token. */
function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
