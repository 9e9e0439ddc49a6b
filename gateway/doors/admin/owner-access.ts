import type { RegistrationResponseJSON } from '@simplewebauthn/server';
import type { FastifyRequest } from 'fastify';
import { GatewayError } from '../../errors.ts';
import { canHavePasskeys } from '../../sharing/owner/ceremonies.ts';
import { TooManyGuesses } from '../../sharing/owner/guesses.ts';
import type { Passkey } from '../../sharing/owner/passkeys.ts';
import * as contract from './contract.ts';
import { conflict, invalid, notFound } from './errors.ts';
import { placeOf } from './network-sign-in.ts';
import { noteChange } from './owner-change.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { answers, IdParams, NoContent } from './schemas.ts';
import { sessionCookie } from './session-cookie.ts';
import { idOf, isoTime, isoTimeOrNull } from './values.ts';

/** By what the owner signs in from other computers. */
export function ownerAccessRoutes(app: AdminApp, parts: AdminParts): void {
  const { sessions, clients } = parts;
  const { access, sharing } = parts.system;

  const shown = (): contract.OwnerAccess => ({
    passwordSetAt: isoTimeOrNull(access.passwordSetAt),
    passkeys: access.passkeys.list().map(shape),
  });

  /** Who is signed in elsewhere by what no longer holds is signed out; the caller stays. */
  function endOthers(request: FastifyRequest): void {
    const own = sessions.find(sessionCookie(request.raw) ?? '')?.id;
    sessions.endWhere(({ id, way }) => way !== 'here' && id !== own);
  }

  /** Whoever holds somebody's session must not lock its owner out with a password of his own. */
  async function checkCurrent(request: FastifyRequest, current: string | undefined): Promise<void> {
    if (!parts.ownerFromNetwork(request.raw) || !access.hasPassword) return;
    if (current === undefined) throw invalid('current', 'From another computer, give the current password.');
    const { right } = await access.tryPassword(clients.of(request.raw), current).catch((error) => {
      if (!(error instanceof TooManyGuesses)) throw error;
      throw new GatewayError('rate_limit_minute', 'Too many tries. Wait a while.');
    });
    if (!right) throw invalid('current', 'That is not the current password.');
  }

  app.get(
    '/sharing/access',
    {
      schema: {
        summary: 'By what the owner signs in from other computers',
        response: answers(contract.OwnerAccess),
      },
    },
    async () => shown(),
  );

  app.put(
    '/sharing/password',
    {
      schema: {
        summary: 'Sets the password for other computers; browsers that are signed in there are signed out',
        body: contract.PasswordChange,
        response: answers(contract.OwnerAccess),
      },
    },
    async (request) => {
      const { password, current } = request.body;
      await checkCurrent(request, current);
      await access.setPassword(password);
      endOthers(request);
      noteChange(parts, request, { action: 'sharing.password', subject: 'sharing' });
      return shown();
    },
  );

  app.delete(
    '/sharing/password',
    {
      schema: {
        summary: 'Removes the password; not while the panel is on the network',
        response: answers(NoContent, 204),
      },
    },
    async (request, reply) => {
      if (sharing.settings.panel)
        throw conflict('The panel is on the network, which takes a password. Turn that off first.');
      access.removePassword();
      endOthers(request);
      noteChange(parts, request, { action: 'sharing.no-password', subject: 'sharing' });
      return reply.status(204).send();
    },
  );

  app.post(
    '/sharing/passkeys/options',
    {
      schema: {
        summary: 'What a browser makes a passkey by; it must be at the gateway by name, over HTTPS',
        response: answers(contract.PasskeyQuestion),
      },
    },
    async (request) => {
      checkPlace(parts, request);
      return { ...(await access.ceremonies.beginAdding(placeOf(request))) } as contract.PasskeyQuestion;
    },
  );

  app.post(
    '/sharing/passkeys',
    {
      schema: {
        summary: 'Keeps a passkey that a browser has made',
        body: contract.NewPasskey,
        response: answers(contract.Passkey, 201),
      },
    },
    async (request, reply) => {
      checkPlace(parts, request);
      const { name, response } = request.body;
      const told = response as unknown as RegistrationResponseJSON;
      const passkey = await access.ceremonies.add(placeOf(request), told, name);
      if (passkey === null)
        throw invalid('response', 'The passkey could not be checked, or came too late. Try again.');
      const after = { name: passkey.name, host: passkey.rpId };
      noteChange(parts, request, { action: 'passkey.create', subject: `passkey:${passkey.id}`, after });
      return reply.status(201).send(shape(passkey));
    },
  );

  app.delete(
    '/sharing/passkeys/:id',
    {
      schema: {
        summary: 'Takes a passkey no more; browsers signed in over the network are signed out',
        params: IdParams,
        response: answers(NoContent, 204),
      },
    },
    async (request, reply) => {
      const id = idOf(request.params.id);
      const before = access.passkeys.list().find((passkey) => passkey.id === id);
      if (before === undefined || !access.passkeys.remove(id)) throw notFound('passkey');
      endOthers(request);
      const { name, rpId: host } = before;
      noteChange(parts, request, {
        ...{ action: 'passkey.delete', subject: `passkey:${id}`, before: { name, host } },
      });
      return reply.status(204).send();
    },
  );
}

/** @throws GatewayError where no passkey can be made: elsewhere than at a name over HTTPS */
function checkPlace({ ownerFromNetwork }: AdminParts, request: FastifyRequest): void {
  if (ownerFromNetwork(request.raw) && canHavePasskeys(request.headers.host ?? '')) return;
  throw conflict(
    'Passkeys belong to a name. Open the panel by its name over HTTPS, such as https://studio.local:7412, and add one there.',
  );
}

function shape({ id, name, rpId, createdAt, lastUsedAt }: Passkey): contract.Passkey {
  return {
    ...{ id: String(id), name, host: rpId },
    ...{ createdAt: isoTime(createdAt), lastUsedAt: isoTimeOrNull(lastUsedAt) },
  };
}
