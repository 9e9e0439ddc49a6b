import type { IncomingMessage } from 'node:http';
import type { ClientAddresses } from '../../accounts/client-addresses.ts';
import { type AdminToken, notSignedIn } from './admin-token.ts';
import { isInProcess, refuseOtherOrigins, refuseRemote } from './local-request.ts';
import { sessionCookie } from './session-cookie.ts';
import type { Sessions } from './sessions.ts';

export interface GuardParts {
  adminToken: AdminToken;
  /** Whether the owner may come from another computer by such a request; who it is remains to be shown. */
  ownerFromNetwork: (request: IncomingMessage) => boolean;
  sessions: Sessions;
  clients: ClientAddresses;
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
 * computer with the admin token or a signed-in browser's cookie; else, where the owner has the panel on the network, a
 * browser that was signed in over it.
 * @returns a check that throws GatewayError `origin_not_allowed`, `invalid_token` or `rate_limit_minute`
 */
export function createGuard(parts: GuardParts): (request: IncomingMessage) => void {
  return (request) => {
    if (isInProcess(request)) return;
    const overNetwork = parts.ownerFromNetwork(request);
    if (!overNetwork) refuseRemote(request);
    refuseOtherOrigins(request);
    const session = sessionCookie(request);
    if (overNetwork) {
      // The token lies in a file of this computer, and is for its programs alone.
      if (session !== null && parts.sessions.use(session, true)) return;
      throw notSignedIn('Sign in first, with the password or a passkey of the owner.');
    }
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const token = /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? '';
      parts.adminToken.check(token, parts.clients.of(request));
      return;
    }
    if (session === null || !parts.sessions.use(session)) {
      throw notSignedIn('Sign in first: open the panel from the tray or with the panelUrl in runtime.json.');
    }
  };
}
