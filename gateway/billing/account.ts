import type { Database } from '../store/store.ts';
import type { Vault } from '../vault/vault.ts';

const SECRET_KEY = 'billing:secret-key';
const WEBHOOK_SECRET = 'billing:webhook-secret';

export type StripeMode = 'test' | 'live';

/** What the owner set, without the secrets. */
export interface BillingSettings {
  mode: StripeMode;
  /** Whether a signing secret is stored. */
  webhook: boolean;
  /** Where the gateway is reached from outside, without a trailing slash; null where it is not. */
  publicUrl: string | null;
  /** Has Stripe write an invoice for each payment. */
  invoices: boolean;
  /** The portal's configuration that we made; null while the account's own serves. */
  portal: string | null;
  /** Wall-clock ms at which the key was stored. */
  storedAt: number;
}

/** What a change gives; left out stays. */
export interface BillingPatch {
  secretKey?: string | undefined;
  /** Null removes it. */
  webhookSecret?: string | null | undefined;
  publicUrl?: string | null | undefined;
  invoices?: boolean | undefined;
}

interface Row extends Omit<BillingSettings, 'webhook' | 'invoices'> {
  webhook: number;
  invoices: number;
}

/** The owner's Stripe account: its settings in memory and the database, its secrets in the vault alone. */
export class BillingAccount {
  readonly #vault: Vault;
  readonly #wall: () => number;
  readonly #put;
  readonly #remove;
  #settings: BillingSettings | null;

  constructor(db: Database, vault: Vault, wall: () => number) {
    this.#vault = vault;
    this.#wall = wall;
    this.#put = db.prepare<Row>(
      `INSERT INTO billing_account (id, mode, webhook, public_url, invoices, portal, stored_at)
       VALUES (1, @mode, @webhook, @publicUrl, @invoices, @portal, @storedAt)
       ON CONFLICT DO UPDATE SET mode = excluded.mode, webhook = excluded.webhook, public_url = excluded.public_url,
         invoices = excluded.invoices, portal = excluded.portal, stored_at = excluded.stored_at`,
    );
    this.#remove = db.prepare<[]>('DELETE FROM billing_account');
    const row = db
      .prepare<[], Row>(
        `SELECT mode, webhook, public_url AS publicUrl, invoices, portal, stored_at AS storedAt
         FROM billing_account`,
      )
      .get();
    this.#settings =
      row === undefined ? null : { ...row, webhook: row.webhook === 1, invoices: row.invoices === 1 };
  }

  /** Null while no key is stored. */
  get settings(): BillingSettings | null {
    return this.#settings;
  }

  /**
   * Stores secrets first, so that what the database says is never more than what the vault has.
   * @returns whether there was or now is a key: nothing is stored without one
   * @throws VaultError
   */
  async change({ secretKey, webhookSecret, publicUrl, invoices }: BillingPatch): Promise<boolean> {
    const before = this.#settings;
    if (before === null && secretKey === undefined) return false;
    if (secretKey !== undefined) await this.#vault.set(SECRET_KEY, secretKey);
    if (webhookSecret === null) await this.#vault.delete(WEBHOOK_SECRET);
    else if (webhookSecret !== undefined) await this.#vault.set(WEBHOOK_SECRET, webhookSecret);
    this.#write({
      mode: secretKey === undefined ? (before?.mode ?? 'live') : modeOf(secretKey),
      webhook: webhookSecret === undefined ? (before?.webhook ?? false) : webhookSecret !== null,
      publicUrl: publicUrl === undefined ? (before?.publicUrl ?? null) : publicUrl,
      invoices: invoices ?? before?.invoices ?? false,
      // Another key may be another account's, which has no such configuration.
      portal: secretKey === undefined ? (before?.portal ?? null) : null,
      storedAt: secretKey === undefined ? (before?.storedAt ?? this.#wall()) : this.#wall(),
    });
    return true;
  }

  usePortal(configuration: string): void {
    if (this.#settings !== null) this.#write({ ...this.#settings, portal: configuration });
  }

  /** Billing is off from here on, whatever the vault then says. @throws VaultError */
  async remove(): Promise<void> {
    this.#remove.run();
    this.#settings = null;
    await this.#vault.delete(SECRET_KEY);
    await this.#vault.delete(WEBHOOK_SECRET);
  }

  /** @throws VaultError */
  async secretKey(): Promise<string | null> {
    return this.#settings === null ? null : this.#vault.get(SECRET_KEY);
  }

  /** @throws VaultError */
  async webhookSecret(): Promise<string | null> {
    return this.#settings?.webhook === true ? this.#vault.get(WEBHOOK_SECRET) : null;
  }

  #write(settings: BillingSettings): void {
    const { webhook, invoices } = settings;
    this.#put.run({ ...settings, webhook: webhook ? 1 : 0, invoices: invoices ? 1 : 0 });
    this.#settings = settings;
  }
}

/** `sk_test_…` and `rk_test_…` move no money. */
function modeOf(secretKey: string): StripeMode {
  return /^[a-z]+_test_/.test(secretKey) ? 'test' : 'live';
}
