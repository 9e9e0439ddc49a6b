import type { Clock } from '../../clock.ts';
import type { Database } from '../../store/store.ts';
import type { SharingStore } from '../sharing-store.ts';
import { Ceremonies } from './ceremonies.ts';
import { Guesses } from './guesses.ts';
import { Passkeys } from './passkeys.ts';
import { hashPassword, isPassword, PASSWORD_COST, type PasswordCost } from './password.ts';

/** How the owner signs in from other computers. */
export class OwnerAccess {
  readonly passkeys: Passkeys;
  readonly ceremonies: Ceremonies;
  readonly #kept: SharingStore;
  readonly #clock: Clock;
  readonly #guesses: Guesses;
  readonly #cost: PasswordCost;

  /** @param cost of the hashes that are made from now on */
  constructor(db: Database, kept: SharingStore, clock: Clock, cost: PasswordCost = PASSWORD_COST) {
    this.#cost = cost;
    this.passkeys = new Passkeys(db);
    this.ceremonies = new Ceremonies(this.passkeys, clock);
    this.#kept = kept;
    this.#clock = clock;
    this.#guesses = new Guesses(clock);
  }

  get hasPassword(): boolean {
    return this.#kept.get('password') !== null;
  }

  /** Wall-clock ms; null where there is none. */
  get passwordSetAt(): number | null {
    return this.#kept.get('password')?.setAt ?? null;
  }

  async setPassword(password: string): Promise<void> {
    this.#kept.set('password', await hashPassword(password, this.#clock.wall(), this.#cost));
  }

  removePassword(): void {
    this.#kept.set('password', null);
  }

  /**
   * One try over the network.
   * @param address of who tries
   * @throws TooManyGuesses
   */
  tryPassword(address: string, password: string): Promise<{ right: boolean; locked: boolean }> {
    return this.#guesses.try(address, async () => {
      const kept = this.#kept.get('password');
      return kept !== null && (await isPassword(password, kept));
    });
  }
}
