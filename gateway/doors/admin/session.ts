import * as contract from './contract.ts';
import { conflict, notFound } from './errors.ts';
import { actorOf } from './guard.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { answers, IdParams, NoContent } from './schemas.ts';
import { clearSessionCookie, sessionCookie } from './session-cookie.ts';
import { idOf, isoTime } from './values.ts';

/** The caller's own session. */
export function sessionRoutes(app: AdminApp, { sessions, system }: AdminParts): void {
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

  app.post(
    '/panel-link',
    {
      schema: {
        summary: 'A link that signs a browser in to the panel, once and within ten minutes',
        response: answers(contract.PanelLink),
      },
    },
    async () => {
      const { address } = system.listening;
      if (address === null) throw conflict('The gateway listens nowhere, so that no browser can reach it.');
      return { url: `${address.url}/panel/signin?ticket=${sessions.shortTicket()}` };
    },
  );
}

/** All browsers that are signed in. */
export function panelSessionRoutes(app: AdminApp, { sessions }: AdminParts): void {
  app.get(
    '/sessions',
    { schema: { summary: 'The browsers that are signed in', response: answers(contract.PanelSessions) } },
    async (request) => {
      const own = sessions.find(sessionCookie(request.raw) ?? '')?.id;
      const data = sessions.list().map(({ id, createdAt, lastUsedAt, ...facts }) => ({
        ...{ id: String(id), createdAt: isoTime(createdAt), lastUsedAt: isoTime(lastUsedAt), ...facts },
        current: id === own,
      }));
      return { data };
    },
  );

  app.delete(
    '/sessions/:id',
    { schema: { summary: 'Signs one browser out', params: IdParams, response: answers(NoContent, 204) } },
    async ({ params }, reply) => {
      const wanted = idOf(params.id);
      if (sessions.endWhere(({ id }) => id === wanted) === 0) throw notFound('session');
      return reply.status(204).send();
    },
  );

  app.delete(
    '/sessions',
    {
      schema: {
        summary: "Signs every browser out, but for the caller's own",
        response: answers(NoContent, 204),
      },
    },
    async (request, reply) => {
      const own = sessions.find(sessionCookie(request.raw) ?? '')?.id;
      sessions.endWhere(({ id }) => id !== own);
      return reply.status(204).send();
    },
  );
}
