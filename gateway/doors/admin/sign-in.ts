import type { FastifyInstance } from 'fastify';
import { refuseRemote } from './local-request.ts';
import { setSessionCookie } from './session-cookie.ts';
import type { Sessions } from './sessions.ts';

export interface SignInOptions {
  allowRemoteAdmin: boolean;
  /** A ticket signs in once: whoever hands one out makes the next. */
  onTicketUsed: () => void;
}

const USED_UP =
  'This sign-in link was used before, or it is of an earlier start. Open the panel from the tray, or take the new panelUrl from runtime.json in the data folder.\n';

/** GET /panel/signin?ticket=… gives the browser its session and goes on to the panel. */
export function registerSignIn(app: FastifyInstance, sessions: Sessions, options: SignInOptions): void {
  app.get<{ Querystring: { ticket?: unknown } }>('/panel/signin', (request, reply) => {
    if (!options.allowRemoteAdmin) refuseRemote(request.raw);
    const { ticket } = request.query;
    const session = typeof ticket === 'string' ? sessions.redeem(ticket) : null;
    reply.headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
    if (session === null) return reply.status(401).type('text/plain; charset=utf-8').send(USED_UP);
    options.onTicketUsed();
    return reply.header('set-cookie', setSessionCookie(session)).redirect('/panel/', 303);
  });
}
