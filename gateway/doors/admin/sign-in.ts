import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ClientAddresses } from '../../accounts/client-addresses.ts';
import type { AdminToken } from './admin-token.ts';
import * as contract from './contract.ts';
import { parsed } from './errors.ts';
import { refuseOtherOrigins, refuseRemote } from './local-request.ts';
import { setSessionCookie } from './session-cookie.ts';
import type { Sessions } from './sessions.ts';

export interface SignInParts {
  sessions: Sessions;
  adminToken: AdminToken;
  clients: ClientAddresses;
  /** A ticket signs in once: whoever hands one out makes the next. */
  onTicketUsed: () => void;
}

const USED_UP =
  'This sign-in link was used before, is too old, or is of an earlier start. Open the panel from the tray, take a new link from `ntl status`, or the panelUrl from runtime.json in the data folder.\n';

/** A token is 43 characters. */
const MAX_BODY_BYTES = 4_096;

/**
 * How a browser gets its session: GET /panel/signin?ticket=… goes on to the panel, POST /panel/signin takes the
 * admin token as JSON.
 */
export function registerSignIn(app: FastifyInstance, parts: SignInParts): void {
  const { sessions, adminToken } = parts;

  app.get<{ Querystring: { ticket?: unknown } }>('/panel/signin', (request, reply) => {
    refuseRemote(request.raw);
    const { ticket } = request.query;
    const session =
      typeof ticket === 'string'
        ? sessions.redeem(ticket, request.headers['user-agent'] ?? '', parts.clients.of(request.raw))
        : null;
    secretive(reply);
    if (session === null) adminToken.guessed(parts.clients.of(request.raw));
    if (session === null) return reply.status(401).type('text/plain; charset=utf-8').send(USED_UP);
    parts.onTicketUsed();
    return reply.header('set-cookie', setSessionCookie(session)).redirect('/panel/', 303);
  });

  app.post('/panel/signin', { bodyLimit: MAX_BODY_BYTES }, (request, reply) => {
    refuseRemote(request.raw);
    // A page of another site must not sign the browser in either: it would act in the owner's name unseen.
    refuseOtherOrigins(request.raw);
    const { token } = parsed(contract.TokenSignIn, request.body);
    adminToken.check(token, parts.clients.of(request.raw));
    const from = parts.clients.of(request.raw);
    const session = sessions.start(request.headers['user-agent'] ?? '', 'here', from);
    return secretive(reply).header('set-cookie', setSessionCookie(session)).status(204).send();
  });
}

function secretive(reply: FastifyReply): FastifyReply {
  return reply.headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
}
