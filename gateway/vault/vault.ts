export type VaultKind = 'keychain' | 'file-passphrase' | 'file-key';

/**
 * Where provider credentials live. Accounts are short ids such as `provider:3`.
 * Every method may throw VaultError when the store is locked or out of reach.
 */
export interface Vault {
  readonly kind: VaultKind;
  /** One sentence for people: which store is in use and what it protects against. */
  readonly protection: string;
  /** @returns the secret, or null when the account holds none */
  get(account: string): Promise<string | null>;
  set(account: string, secret: string): Promise<void>;
  /** Deleting an account that holds nothing is not an error. */
  delete(account: string): Promise<void>;
}

export type VaultErrorReason = 'locked' | 'unavailable' | 'wrong_passphrase' | 'damaged';

/** The vault cannot serve. `message` says what to do and never carries a secret. */
export class VaultError extends Error {
  readonly reason: VaultErrorReason;

  constructor(reason: VaultErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'VaultError';
    this.reason = reason;
  }
}

/** Where a vault tells people what it did by itself. A pino logger fits. */
export interface VaultLog {
  info(message: string): void;
  warn(message: string): void;
}
