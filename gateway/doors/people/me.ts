import type { FastifyInstance } from 'fastify';
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { GatewayError } from '../../errors.ts';
import { identify, identifyInside, refuseBlocked } from '../../pipeline/identify.ts';
import { validatorCompiler } from '../admin/errors.ts';
import { answers, NoContent } from '../admin/schemas.ts';
import { readJsonBodies } from '../json-body.ts';
import { letIn } from '../member/caller.ts';
import { KEYED_ROUTES } from '../member/keyed-routes.ts';
import { withoutEmpty } from '../member/pages.ts';
import type { MemberApp } from '../member/parts.ts';
import * as contract from './contract.ts';
import { clearCookie, cookieOf, setCookie } from './cookie.ts';
import { meAccountRoutes } from './me-account.ts';
import { meConnectRoutes } from './me-connect.ts';
import { meRequestRoutes } from './me-requests.ts';
import { refuseOtherSites } from './own-site.ts';
import type { SendPage } from './pages.ts';
import type { MeParts } from './parts.ts';
import { MEMBER_COOKIE } from './sessions.ts';

const MAX_BODY_BYTES = 4_096;

const NOT_SIGNED_IN = 'Sign in with your key first.';

/**
 * /me: a colleague's own page. Its browser shows a key once and gets a session; from then on every question is answered
 * as if it came with that key, by the very routes that a key opens.
 */
export async function meDoor(plain: FastifyInstance, parts: MeParts, page: SendPage): Promise<void> {
  const app = typed(plain);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  readJsonBodies(app, 'json');

  app.get('/me', (request, reply) => {
    refuseBlocked(parts, parts.clients.of(request.raw));
    return page(reply);
  });

  await app.register(async (door) => {
    const open = typed(door);
    open.addHook('onRequest', async ({ raw }, reply) => {
      reply.header('cache-control', 'no-store');
      refuseOtherSites(raw);
    });
    sessionRoutes(open, parts);
    await open.register(async (keyed) => keyedRoutes(typed(keyed), parts), { prefix: '/me/api' });
  });
}

function sessionRoutes(app: MemberApp, parts: MeParts): void {
  const { memberSessions } = parts;

  app.post(
    '/me/session',
    {
      bodyLimit: MAX_BODY_BYTES,
      schema: { body: contract.MemberSignIn, response: answers(NoContent, 204) },
    },
    async (request, reply) => {
      const { key } = request.body;
      if (key === '') throw new GatewayError('missing_auth', 'Paste your key.', { field: 'key' });
      // As with every request that carries a key: wrong ones count, and block the address when they are many.
      const address = parts.clients.of(request.raw);
      const caller = identify(parts, address, { 'x-api-key': key }, () => undefined);
      memberSessions.end(cookieOf(request.raw, MEMBER_COOKIE));
      const secret = memberSessions.start(caller.key.id);
      return reply
        .header('set-cookie', setCookie(request.raw, MEMBER_COOKIE, secret))
        .status(204)
        .send();
    },
  );

  app.delete('/me/session', { schema: { response: answers(NoContent, 204) } }, async (request, reply) => {
    memberSessions.end(cookieOf(request.raw, MEMBER_COOKIE));
    return reply.header('set-cookie', clearCookie(request.raw, MEMBER_COOKIE)).status(204).send();
  });
}

/** Nothing here is asked for by the id of a member: whose it is is said by the session alone. */
function keyedRoutes(app: MemberApp, parts: MeParts): void {
  app.addHook('onRequest', async (request) => {
    const secret = cookieOf(request.raw, MEMBER_COOKIE);
    const address = parts.clients.of(request.raw);
    refuseBlocked(parts, address);
    const keyId = secret === '' ? undefined : parts.memberSessions.use(secret);
    if (keyId === undefined) throw new GatewayError('missing_auth', NOT_SIGNED_IN);
    letIn(
      request,
      identifyInside(parts, address, { keyId, tool: 'page' }, () => undefined),
    );
  });
  app.addHook('preValidation', async (request) => {
    request.query = withoutEmpty(request.query);
  });
  for (const register of KEYED_ROUTES) register(app, parts);
  meAccountRoutes(app, parts);
  meConnectRoutes(app, parts);
  meRequestRoutes(app, parts);
}

function typed(plain: FastifyInstance): MemberApp {
  return plain.withTypeProvider<ZodTypeProvider>();
}
