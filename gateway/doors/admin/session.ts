import * as contract from './contract.ts';
import { actorOf } from './guard.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { answers, NoContent } from './schemas.ts';
import { clearSessionCookie, sessionCookie } from './session-cookie.ts';

export function sessionRoutes(app: AdminApp, { sessions }: AdminParts): void {
  app.get(
    '/session',
    { schema: { summary: 'How the caller came in', response: answers(contract.Session) } },
    async (request) => ({ actor: actorOf(request.raw) }),
  );

  app.delete(
    '/session',
    { schema: { summary: 'Signs the browser out', response: answers(NoContent, 204) } },
    async (request, reply) => {
      const session = sessionCookie(request.raw);
      if (session !== null) sessions.end(session);
      reply.header('set-cookie', clearSessionCookie());
      return reply.status(204).send();
    },
  );
}
