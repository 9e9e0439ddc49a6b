import type { Keys } from './accounts/keys.ts';
import type { Members } from './accounts/members.ts';
import type { Clock } from './clock.ts';
import type { Store } from './store/store.ts';

/** A key and what nobody can ask for again. */
interface MadeKey {
  id: number;
  plaintext: string;
  prefix: string;
}

/**
 * Makes the owner's member and one key for it, if there are no members yet.
 * @returns the key, to be shown once; null on later starts
 */
export function firstStart(store: Store, members: Members, keys: Keys, clock: Clock): MadeKey | null {
  if (members.list().length > 0) return null;
  return store.db.transaction(() => {
    const owner = members.create({
      name: 'Owner',
      email: null,
      status: 'active',
      planId: 'enterprise',
      allowedModels: null,
      allowedIps: null,
      prepaid: false,
      selfService: true,
      owner: true,
      createdAt: clock.wall(),
    });
    const wanted = { memberId: owner.id, name: 'First key', kind: 'standard' as const, expiresAt: null };
    const { key, plaintext } = keys.create({ ...wanted, now: clock.wall() });
    return { id: key.id, plaintext, prefix: key.prefix };
  })();
}

/** The plaintext of the first key: in memory until the owner has it, and on no disk. */
export class FirstKey {
  readonly #keys: Keys;
  #made: MadeKey | null;

  constructor(made: MadeKey | null, keys: Keys) {
    this.#made = made;
    this.#keys = keys;
  }

  /** Null once it was dismissed or revoked, and on later starts. */
  get(): { key: string; prefix: string } | null {
    if (this.#made === null || this.#keys.get(this.#made.id)?.revokedAt !== null) return null;
    return { key: this.#made.plaintext, prefix: this.#made.prefix };
  }

  dismiss(): void {
    this.#made = null;
  }
}
