import type { IncomingMessage } from 'node:http';
import { hostname } from 'node:os';
import type { FastifyInstance } from 'fastify';
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { networkOf } from '../../accounts/addresses.ts';
import { AskRate } from '../../accounts/joining/ask-rate.ts';
import type { JoinRequest } from '../../accounts/joining/join-requests.ts';
import { COLLECT_MS, type Joining, WAITS_MS } from '../../accounts/joining/joining.ts';
import { GatewayError } from '../../errors.ts';
import { refuseBlocked } from '../../pipeline/identify.ts';
import { validatorCompiler } from '../admin/errors.ts';
import { settingsOf } from '../admin/keys.ts';
import { answers, NoContent } from '../admin/schemas.ts';
import { isoTime } from '../admin/values.ts';
import { readJsonBodies } from '../json-body.ts';
import type { MemberParts } from '../member/parts.ts';
import * as contract from './contract.ts';
import { clearCookie, cookieOf, type SecretCookie, setCookie } from './cookie.ts';
import { refuseOtherSites } from './own-site.ts';
import type { SendPage } from './pages.ts';
import { MEMBER_COOKIE, type MemberSessions } from './sessions.ts';

export interface JoinParts
  extends Pick<MemberParts, 'settings' | 'changes' | 'store' | 'blocks' | 'clients' | 'clock'> {
  joining: Joining;
  memberSessions: MemberSessions;
  /** Of the authority that colleagues compare (SHA-256); null where there is none. */
  fingerprint: () => string | null;
}

/** Kept past a restart of the browser: who asked comes back for the key. */
const COOKIE: SecretCookie = { name: 'ntl_join', path: '/join', maxAge: 7 * 86_400 };

const HOUR_MS = 3_600_000;
/** Wrong and taken names count too, so that nobody tries through who is here. */
const RATE = { each: { size: 10, withinMs: HOUR_MS }, all: { size: 60, withinMs: HOUR_MS } };

const MAX_BODY_BYTES = 8_192;

/** /join: strangers ask to be let in, wait, and fetch their key. Nothing else answers there. */
export async function joinDoor(plain: FastifyInstance, parts: JoinParts, page: SendPage): Promise<void> {
  const { joining, settings, changes, clock } = parts;
  const rate = new AskRate(RATE.each, RATE.all);
  const app = plain.withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  readJsonBodies(app, 'json');
  app.addHook('onRequest', async ({ raw }) => refuseBlocked(parts, parts.clients.of(raw)));

  /** This browser's own request; one of a member that was deleted long ago is none. */
  const own = (raw: IncomingMessage): JoinRequest | undefined => {
    const secret = cookieOf(raw, COOKIE);
    return secret === '' ? undefined : joining.find(secret);
  };

  function mustOwn(raw: IncomingMessage): JoinRequest {
    const request = own(raw);
    if (request === undefined)
      throw new GatewayError('not_found', 'This browser has not asked to join, or that was too long ago.');
    return request;
  }

  function status(raw: IncomingMessage, request: JoinRequest | undefined): contract.JoinStatus {
    return {
      ...{ open: settings.get('joining'), gateway: hostname().replace(/\.local$/i, '') },
      ...{ waitsHours: WAITS_MS / HOUR_MS, collectMinutes: COLLECT_MS / 60_000 },
      fingerprint: 'encrypted' in raw.socket ? parts.fingerprint() : null,
      request: request === undefined ? null : shape(request),
    };
  }

  app.get('/join', (request, reply) =>
    page(reply, settings.get('joining') || own(request.raw) !== undefined ? 200 : 404),
  );

  app.register(async (door) => {
    const api = door.withTypeProvider<ZodTypeProvider>();
    api.addHook('onRequest', async ({ raw }, reply) => {
      reply.header('cache-control', 'no-store');
      refuseOtherSites(raw);
    });

    api.get('/join/state', { schema: { response: answers(contract.JoinStatus) } }, async ({ raw }) =>
      status(raw, own(raw)),
    );

    api.post(
      '/join',
      {
        bodyLimit: MAX_BODY_BYTES,
        schema: { body: contract.AskToJoin, response: answers(contract.JoinStatus, 201) },
      },
      async (request, reply) => {
        if (!settings.get('joining'))
          throw new GatewayError(
            'not_found',
            'Nobody can ask to join here now. Tell the owner of this gateway.',
          );
        const before = own(request.raw);
        if (before !== undefined && isOpen(before))
          throw new GatewayError('conflict', `This browser has asked already, for ${before.name}.`);
        const address = parts.clients.of(request.raw);
        const wait = rate.take(networkOf(address), clock.steady());
        if (wait > 0) throw tooOften(wait);
        const { name, email, purpose } = request.body;
        const {
          member,
          secret,
          request: made,
        } = joining.ask({
          ...{ name, address, purpose: purpose ?? null, email: email ? email : null },
        });
        const after = {
          name: member.name,
          email: member.email,
          status: member.status,
          purpose: made.purpose,
          address,
        };
        changes.record({ actor: 'visitor', action: 'member.ask', subject: `member:${member.id}`, after });
        parts.store.backupSoon();
        reply.header('set-cookie', setCookie(request.raw, COOKIE, secret));
        return reply.status(201).send(status(request.raw, made));
      },
    );

    api.post(
      '/join/key',
      { schema: { response: answers(contract.CollectedKey, 201) } },
      async (request, reply) => {
        const { key, plaintext, member } = joining.collect(mustOwn(request.raw));
        changes.record({
          ...{ actor: 'member', action: 'key.create', subject: `key:${key.id}`, after: settingsOf(key) },
        });
        parts.store.backupSoon();
        // The colleague's own page opens without pasting it.
        const session = setCookie(request.raw, MEMBER_COOKIE, parts.memberSessions.start(key.id));
        reply.header('set-cookie', session);
        return reply.status(201).send({ key: plaintext, prefix: key.prefix, name: member.name });
      },
    );

    api.delete('/join/request', { schema: { response: answers(NoContent, 204) } }, async (request, reply) => {
      const asked = own(request.raw);
      if (asked?.state === 'waiting') {
        const member = joining.withdraw(asked);
        const before = { name: member?.name ?? asked.name };
        changes.record({
          ...{ actor: 'visitor', action: 'member.withdraw', subject: `member:${asked.memberId}`, before },
        });
      }
      // An approved one stays: its key may still be fetched.
      if (asked?.state !== 'approved') reply.header('set-cookie', clearCookie(request.raw, COOKIE));
      return reply.status(204).send();
    });
  });
}

function shape({ state, name, createdAt, until, words }: JoinRequest): contract.JoinStatus['request'] {
  return { state, name, since: isoTime(createdAt), until: isoTime(until), words };
}

function isOpen({ state }: JoinRequest): boolean {
  return state === 'waiting' || state === 'approved';
}

function tooOften(waitMs: number): GatewayError {
  const seconds = Math.ceil(waitMs / 1_000);
  const minutes = Math.ceil(seconds / 60);
  return new GatewayError(
    'rate_limit_minute',
    `Too many have asked from here. Try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`,
    { headers: { 'retry-after': String(seconds) } },
  );
}
