import { randomUUID } from 'node:crypto';
import { InProcessCalls, type KeychainCalls, type KeychainRequest } from './keychain-calls.ts';
import { keychainFailure, keychainLockedOrEmptied, keychainSilent } from './keychain-errors.ts';
import { HelperProcessCalls } from './keychain-process.ts';
import { OneAtATime } from './one-at-a-time.ts';
import { assertStorable } from './storable.ts';
import { type Vault, VaultError } from './vault.ts';

const SERVICE = 'NoTokenLimit Desktop';
const DEFAULT_TIMEOUT_MS = 20_000;

/** Cannot be taken for an account of ours: those are like `provider:3`. */
const SENTINEL = '#vault';

export interface KeychainOptions {
  /** Keeps the entries of two data folders apart. */
  scope: string;
  /** How long one call may take, a prompt to the user included. Milliseconds; 20 s unless given. */
  timeoutMs?: number | undefined;
  /** Where keytar runs; a process of its own for Node on Linux, this process elsewhere. */
  calls?: KeychainCalls | undefined;
}

/**
 * The operating system's keychain: Keychain, Credential Manager (at most 2,560 bytes a secret), Secret
 * Service. Every call tries the keychain anew, so one that was locked serves as soon as it is unlocked.
 */
export class KeychainVault implements Vault {
  readonly kind = 'keychain';
  readonly protection =
    "Provider credentials are in this computer's keychain, protected by your login to the computer.";
  readonly #scope: string;
  readonly #timeoutMs: number;
  readonly #calls: KeychainCalls;
  /** Several prompts at once confuse people, and make gnome-keyring answer none of them. */
  readonly #turns = new OneAtATime();
  #lastFailure: { at: number; error: VaultError } | undefined;

  constructor({ scope, timeoutMs, calls }: KeychainOptions) {
    this.#scope = scope;
    this.#timeoutMs = timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#calls = calls ?? defaultCalls();
  }

  async get(account: string): Promise<string | null> {
    assertStorable(account);
    return this.#inTurn(async () => {
      const secret = await this.#ask('get', account);
      if (secret === null) await this.#assertUnlocked();
      return secret;
    });
  }

  async set(account: string, secret: string): Promise<void> {
    assertStorable(account, secret);
    return this.#inTurn(async () => {
      await this.#ask('set', SENTINEL, 'present');
      await this.#ask('set', account, secret);
    });
  }

  async delete(account: string): Promise<void> {
    assertStorable(account);
    return this.#inTurn(async () => {
      if ((await this.#ask('delete', account)) === null) await this.#assertUnlocked();
    });
  }

  /**
   * Finds out whether the keychain really works: writes, reads and deletes an entry. Where it does, it
   * leaves one by which a locked keychain is told from an empty one.
   * @throws VaultError saying what is wrong
   */
  async probe(): Promise<void> {
    const probe = `#probe-${randomUUID()}`;
    await this.#inTurn(async () => {
      await this.#ask('set', probe, probe);
      const read = await this.#ask('get', probe);
      await this.#ask('delete', probe);
      if (read !== probe) throw keychainFailure(new Error('the probe entry did not come back'));
      await this.#ask('set', SENTINEL, 'present');
    });
  }

  async #assertUnlocked(): Promise<void> {
    if ((await this.#ask('get', SENTINEL)) === null) throw keychainLockedOrEmptied();
  }

  /** Who waited while another met a locked keychain gets the same answer: one prompt, not one for each. */
  async #inTurn<T>(job: () => Promise<T>): Promise<T> {
    const asked = performance.now();
    return this.#turns.run(async () => {
      if (this.#lastFailure !== undefined && this.#lastFailure.at >= asked) throw this.#lastFailure.error;
      try {
        return await job();
      } catch (error) {
        if (error instanceof VaultError) this.#lastFailure = { at: performance.now(), error };
        throw error;
      }
    });
  }

  async #ask(op: KeychainRequest['op'], account: string, secret?: string): Promise<string | null> {
    const address = { op, service: SERVICE, account: `${this.#scope}/${account}` };
    const request: KeychainRequest = secret === undefined ? address : { ...address, secret };
    try {
      return await this.#askOnce(request);
    } catch (error) {
      if (!(error instanceof VaultError) || error.reason !== 'unavailable') throw error;
      // The Secret Service may have been restarted, which an old connection never notices: once more, anew.
      return this.#askOnce(request);
    }
  }

  async #askOnce(request: KeychainRequest): Promise<string | null> {
    try {
      return await this.#inTime(this.#calls.call(request));
    } catch (error) {
      this.#calls.reset();
      throw error instanceof VaultError ? error : keychainFailure(error);
    }
  }

  async #inTime<T>(call: Promise<T>): Promise<T> {
    const { promise: timedOut, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(keychainSilent(this.#timeoutMs)), this.#timeoutMs);
    try {
      return await Promise.race([call, timedOut]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Electron cannot be its own Node helper once its `runAsNode` fuse is off, as it should be. */
function defaultCalls(): KeychainCalls {
  const plainNode = process.versions.electron === undefined;
  return plainNode && process.platform === 'linux' ? new HelperProcessCalls() : new InProcessCalls();
}
