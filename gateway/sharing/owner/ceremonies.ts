import { isIP } from 'node:net';
import type {
  AuthenticationResponseJSON,
  AuthenticatorTransport,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server';
import type { Clock } from '../../clock.ts';
import type { Passkey, Passkeys } from './passkeys.ts';

/** People take their time with a fingerprint; nobody takes longer. */
const CHALLENGE_MS = 5 * 60_000;
const MAX_CHALLENGES = 100;

/** The one account there is (WebAuthn §5.4.3): a second passkey of one device takes the place of its first. */
const OWNER_ID = new TextEncoder().encode('notokenlimit-owner');

/** Where the owner's browser is. */
export interface Place {
  /** Host name with its port, as in the address bar. */
  host: string;
}

/** WebAuthn (W3C, level 3): adding a passkey, and signing in by one. The library is loaded with the first use. */
export class Ceremonies {
  readonly #passkeys: Passkeys;
  readonly #clock: Clock;
  /** Until when each holds, steady ms. Each is used once. */
  readonly #challenges = new Map<string, number>();

  constructor(passkeys: Passkeys, clock: Clock) {
    this.#passkeys = passkeys;
    this.#clock = clock;
  }

  /** What the browser makes a passkey by. */
  async beginAdding({ host }: Place): Promise<PublicKeyCredentialCreationOptionsJSON> {
    const { generateRegistrationOptions } = await import('@simplewebauthn/server');
    const rpId = rpIdOf(host);
    const options = await generateRegistrationOptions({
      ...{ rpName: 'NoTokenLimit Desktop', rpID: rpId, userID: OWNER_ID },
      ...{ userName: `Owner on ${rpId}`, userDisplayName: `Owner on ${rpId}`, attestationType: 'none' },
      excludeCredentials: this.#passkeys
        .list()
        .map(({ credentialId, transports }) => ({ id: credentialId, transports: transportsOf(transports) })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
    this.#remember(options.challenge);
    return options;
  }

  /** @returns the passkey, kept from now on; null where the answer is not right */
  async add({ host }: Place, response: RegistrationResponseJSON, name: string): Promise<Passkey | null> {
    const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
    const verified = await verifyRegistrationResponse({
      ...{ response, expectedChallenge: (challenge) => this.#take(challenge) },
      ...{ expectedOrigin: `https://${host}`, expectedRPID: rpIdOf(host), requireUserVerification: true },
    }).catch(() => null);
    if (!verified?.verified) return null;
    const { id, publicKey, counter, transports = [] } = verified.registrationInfo.credential;
    if (this.#passkeys.find(id) !== undefined) return null;
    return this.#passkeys.add({
      ...{ credentialId: id, rpId: rpIdOf(host), publicKey, counter, transports, name },
      createdAt: this.#clock.wall(),
    });
  }

  /** What the browser signs in by. It names no passkey: who asks is nobody yet. */
  async beginSignIn({ host }: Place): Promise<PublicKeyCredentialRequestOptionsJSON> {
    const { generateAuthenticationOptions } = await import('@simplewebauthn/server');
    const options = await generateAuthenticationOptions({ rpID: rpIdOf(host), userVerification: 'required' });
    this.#remember(options.challenge);
    return options;
  }

  /** @returns the passkey that signed; null where the answer is not right */
  async signIn({ host }: Place, response: AuthenticationResponseJSON): Promise<Passkey | null> {
    const passkey = this.#passkeys.find(response.id);
    if (passkey === undefined) return null;
    const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
    const { credentialId: id, publicKey, counter, transports } = passkey;
    const verified = await verifyAuthenticationResponse({
      ...{ response, expectedChallenge: (challenge) => this.#take(challenge) },
      ...{ expectedOrigin: `https://${host}`, expectedRPID: passkey.rpId, requireUserVerification: true },
      credential: { id, publicKey, counter, transports: transportsOf(transports) },
    }).catch(() => null);
    if (!verified?.verified) return null;
    this.#passkeys.noteUse(passkey.id, verified.authenticationInfo.newCounter, this.#clock.wall());
    return passkey;
  }

  #remember(challenge: string): void {
    this.#challenges.set(challenge, this.#clock.steady() + CHALLENGE_MS);
    if (this.#challenges.size <= MAX_CHALLENGES) return;
    const [oldest] = this.#challenges.keys();
    this.#challenges.delete(oldest ?? '');
  }

  #take(challenge: string): boolean {
    const until = this.#challenges.get(challenge);
    this.#challenges.delete(challenge);
    return until !== undefined && this.#clock.steady() <= until;
  }
}

/** Passkeys are bound to a name; browsers make none for an address (WebAuthn §5.1.2, effective domain). */
export function canHavePasskeys(host: string): boolean {
  return isIP(rpIdOf(host).replace(/^\[|\]$/g, '')) === 0;
}

function rpIdOf(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, '');
}

/** They are the browser's own words, told back to it. */
function transportsOf(told: readonly string[]): AuthenticatorTransport[] {
  return [...told] as AuthenticatorTransport[];
}
