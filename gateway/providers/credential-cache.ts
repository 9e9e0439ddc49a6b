import type { Clock } from '../clock.ts';
import type { Vault } from '../vault/vault.ts';
import { credentialAccount } from './providers.ts';

/** A credential changed in the keychain by other means is noticed after this time. */
const KEPT_MS = 300_000;

/**
 * Credentials in memory for a while. A keychain takes milliseconds a call and one call at a time, far too
 * much for every request. One that is locked later does not stop providers in use. Failures are not kept.
 */
export class CredentialCache {
  readonly #vault: Vault;
  readonly #clock: Clock;
  readonly #kept = new Map<number, { credential: Promise<string | null>; until: number }>();

  constructor(vault: Vault, clock: Clock) {
    this.#vault = vault;
    this.#clock = clock;
  }

  /** @throws VaultError */
  get(providerId: number): Promise<string | null> {
    const now = this.#clock.steady();
    const known = this.#kept.get(providerId);
    if (known !== undefined && now < known.until) return known.credential;
    const credential = this.#vault.get(credentialAccount(providerId));
    const kept = { credential, until: now + KEPT_MS };
    this.#kept.set(providerId, kept);
    credential.catch(() => {
      if (this.#kept.get(providerId) === kept) this.#kept.delete(providerId);
    });
    return credential;
  }

  forget(providerId: number): void {
    this.#kept.delete(providerId);
  }
}
