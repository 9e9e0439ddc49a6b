import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Bursts } from '../../audit/bursts.ts';
import type { Clock } from '../../clock.ts';
import { GatewayError } from '../../errors.ts';

/** The token of a start, and how often it may be guessed: all doors that take it count together. */
export class AdminToken {
  readonly #expected: Buffer;
  readonly #clock: Clock;
  readonly #wrong = new Bursts({ size: 10, withinMs: 60_000, quietMs: 60_000 });

  constructor(token: string, clock: Clock) {
    this.#expected = hashOf(token);
    this.#clock = clock;
  }

  static random(): string {
    return randomBytes(32).toString('base64url');
  }

  /** @throws GatewayError `invalid_token` or, after ten wrong ones within a minute, `rate_limit_minute` */
  check(token: string, address: string): void {
    // The right token always opens: another program's guesses must not shut the owner out. It holds 256 bits.
    if (timingSafeEqual(hashOf(token), this.#expected)) return;
    this.guessed(address);
    throw notSignedIn(
      'The admin token is wrong. Take it from runtime.json in the data folder; each start makes a new one.',
    );
  }

  /**
   * Counts a wrong token, or a sign-in link that is none.
   * @throws GatewayError `rate_limit_minute` where there were too many
   */
  guessed(address: string): void {
    const now = this.#clock.steady();
    const waitMs = this.#wrong.quietMs(address, now);
    if (waitMs > 0) throw tooManyWrongTokens(waitMs);
    this.#wrong.count(address, now);
  }
}

export function notSignedIn(message: string): GatewayError {
  return new GatewayError('invalid_token', message, { headers: { 'www-authenticate': 'Bearer' } });
}

function tooManyWrongTokens(waitMs: number): GatewayError {
  const seconds = Math.ceil(waitMs / 1_000);
  return new GatewayError(
    'rate_limit_minute',
    `Too many wrong admin tokens or links; try again in ${seconds} s.`,
    {
      headers: { 'retry-after': String(seconds) },
    },
  );
}

/** Hashes have one length, and comparing them tells nothing of the token. */
function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
