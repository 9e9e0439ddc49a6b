import { networkOf } from '../../accounts/addresses.ts';
import { Bursts } from '../../audit/bursts.ts';
import type { Clock } from '../../clock.ts';

const QUARTER_HOUR_MS = 15 * 60_000;

/** Wrong ones from one address before it has to wait. */
const PER_ADDRESS = 5;
/** Wrong ones from anywhere, within a quarter of an hour, before everybody is slowed. */
const OVERALL = 20;
/** One try in this time is the most then, whoever it is. */
const SLOW_MS = 5_000;
/** A hash takes 128 MiB: tries are looked at one by one, and few may wait. */
const MAX_WAITING = 4;

/** Too many tries. */
export class TooManyGuesses extends Error {
  readonly waitMs: number;

  constructor(waitMs: number) {
    super('too many guesses');
    this.waitMs = waitMs;
  }
}

/**
 * How often a password may be guessed over the network: five times a quarter of an hour from one address (of IPv6 from
 * one /64). Many addresses at once slow everybody down and shut nobody out; on this computer there is no password
 * to ask for at all, and passkeys cannot be guessed.
 */
export class Guesses {
  readonly #clock: Clock;
  readonly #byAddress = new Bursts({
    size: PER_ADDRESS,
    withinMs: QUARTER_HOUR_MS,
    quietMs: QUARTER_HOUR_MS,
  });
  #wrong: number[] = [];
  #lastTry = Number.NEGATIVE_INFINITY;
  #waiting = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * One try.
   * @param check whether it is right
   * @returns what `check` says, and whether the address has to wait from now on
   * @throws TooManyGuesses
   */
  async try(address: string, check: () => Promise<boolean>): Promise<{ right: boolean; locked: boolean }> {
    this.#refuseTooMany(networkOf(address));
    this.#waiting++;
    const done = this.#turn.then(() => this.#check(networkOf(address), check));
    this.#turn = done.catch(() => undefined);
    return done.finally(() => this.#waiting--);
  }

  #refuseTooMany(network: string): void {
    const now = this.#clock.steady();
    const quiet = this.#byAddress.quietMs(network, now);
    if (quiet > 0) throw new TooManyGuesses(quiet);
    if (this.#waiting >= MAX_WAITING) throw new TooManyGuesses(SLOW_MS);
    this.#wrong = this.#wrong.filter((time) => time > now - QUARTER_HOUR_MS);
    const sinceLast = now - this.#lastTry;
    if (this.#wrong.length >= OVERALL && sinceLast < SLOW_MS) throw new TooManyGuesses(SLOW_MS - sinceLast);
    this.#lastTry = now;
  }

  async #check(network: string, check: () => Promise<boolean>): Promise<{ right: boolean; locked: boolean }> {
    // Others of the same address, asked at the same time, may have used up its tries.
    const quiet = this.#byAddress.quietMs(network, this.#clock.steady());
    if (quiet > 0) throw new TooManyGuesses(quiet);
    const right = await check();
    const now = this.#clock.steady();
    if (!right) this.#wrong.push(now);
    return { right, locked: !right && this.#byAddress.count(network, now) };
  }
}
