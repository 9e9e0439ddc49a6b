import type { IncomingMessage } from 'node:http';
import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ClientAddresses } from '../../accounts/client-addresses.ts';
import { Bursts } from '../../audit/bursts.ts';
import type { Changes } from '../../audit/changes.ts';
import type { Clock } from '../../clock.ts';
import { GatewayError } from '../../errors.ts';
import { canHavePasskeys } from '../../sharing/owner/ceremonies.ts';
import { TooManyGuesses } from '../../sharing/owner/guesses.ts';
import type { OwnerAccess } from '../../sharing/owner/owner-access.ts';
import { notSignedIn } from './admin-token.ts';
import * as contract from './contract.ts';
import { parsed } from './errors.ts';
import { refuseOtherOrigins, refuseRemote } from './local-request.ts';
import { setSessionCookie } from './session-cookie.ts';
import type { Sessions, SignInWay } from './sessions.ts';

export interface NetworkSignInParts {
  sessions: Sessions;
  access: OwnerAccess;
  clients: ClientAddresses;
  changes: Changes;
  clock: Clock;
  ownerFromNetwork: (request: IncomingMessage) => boolean;
}

/** The answer of an authenticator has some kilobytes. */
const MAX_BODY_BYTES = 32 * 1024;

/** Questions for a passkey from one address; each is a challenge that is kept. */
const PASSKEY_QUESTIONS = { size: 20, withinMs: 60_000, quietMs: 60_000 };

/** How the owner signs in from another computer: GET …/ways, then by password or passkey. */
export function registerNetworkSignIn(app: FastifyInstance, parts: NetworkSignInParts): void {
  const { sessions, access, clients, changes, clock, ownerFromNetwork } = parts;
  const questions = new Bursts(PASSKEY_QUESTIONS);

  /** On this computer a link or the token signs in, and nobody may guess a password. */
  function mustComeAbroad({ raw }: FastifyRequest): void {
    if (!ownerFromNetwork(raw)) {
      refuseRemote(raw);
      throw new GatewayError(
        'origin_not_allowed',
        'On this computer, sign in with the link of `ntl status`.',
      );
    }
    refuseOtherOrigins(raw);
  }

  function letIn(request: FastifyRequest, reply: FastifyReply, way: SignInWay): FastifyReply {
    const address = clients.of(request.raw);
    const session = sessions.start(request.headers['user-agent'] ?? '', way, address);
    const after = { way, address };
    changes.record({ actor: 'browser', action: 'session.start', subject: 'session', after });
    return secretive(reply).header('set-cookie', setSessionCookie(session, true)).status(204).send();
  }

  function countQuestion(request: FastifyRequest): void {
    const [address, now] = [clients.of(request.raw), clock.steady()];
    questions.count(address, now);
    const waitMs = questions.quietMs(address, now);
    if (waitMs > 0) throw tooMany(waitMs);
  }

  app.get('/panel/signin/ways', async ({ raw, headers }, reply): Promise<contract.SignInWays> => {
    secretive(reply);
    if (!ownerFromNetwork(raw)) {
      refuseRemote(raw);
      return { network: false, password: false, passkey: false };
    }
    const passkey = access.passkeys.list().length > 0 && canHavePasskeys(headers.host ?? '');
    return { network: true, password: access.hasPassword, passkey };
  });

  app.post('/panel/signin/password', { bodyLimit: MAX_BODY_BYTES }, async (request, reply) => {
    mustComeAbroad(request);
    const { password } = parsed(contract.PasswordSignIn, request.body);
    const address = clients.of(request.raw);
    const { right, locked } = await access.tryPassword(address, password).catch((error) => {
      throw error instanceof TooManyGuesses ? tooMany(error.waitMs) : error;
    });
    if (right) return letIn(request, reply, 'password');
    request.log.warn({ address }, 'a wrong password was tried over the network');
    if (locked)
      changes.record({
        ...{ actor: 'gateway', action: 'session.lock-out', subject: 'session', after: { address } },
      });
    throw notSignedIn('The password is wrong.');
  });

  app.post('/panel/signin/passkey/options', { bodyLimit: MAX_BODY_BYTES }, async (request, reply) => {
    mustComeAbroad(request);
    countQuestion(request);
    return secretive(reply).send(await access.ceremonies.beginSignIn(placeOf(request)));
  });

  app.post('/panel/signin/passkey', { bodyLimit: MAX_BODY_BYTES }, async (request, reply) => {
    mustComeAbroad(request);
    countQuestion(request);
    const response = parsed(contract.PasskeyAnswer, request.body) as unknown as AuthenticationResponseJSON;
    const passkey = await access.ceremonies.signIn(placeOf(request), response);
    if (passkey === null) throw notSignedIn('This passkey is not known here, or its answer came too late.');
    return letIn(request, reply, 'passkey');
  });
}

export function placeOf({ headers }: Pick<FastifyRequest, 'headers'>): { host: string } {
  return { host: (headers.host ?? '').toLowerCase() };
}

function tooMany(waitMs: number): GatewayError {
  const seconds = Math.ceil(waitMs / 1_000);
  const wait = seconds > 90 ? `${Math.ceil(seconds / 60)} minutes` : `${seconds} s`;
  return new GatewayError('rate_limit_minute', `Too many tries. Wait ${wait}, or sign in with a passkey.`, {
    headers: { 'retry-after': String(seconds) },
  });
}

function secretive(reply: FastifyReply): FastifyReply {
  return reply.headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
}
