import type { ForwardedHeader } from '../accounts/forwarded.ts';
import type { Database } from '../store/store.ts';

/** What the owner may set for the whole gateway, with what holds until then. */
export interface SettingValues {
  /** Public model that `auto` stands for; null: none chosen. */
  default_model: string | null;
  /** Days an audit row is kept. Roll-ups are kept for ever. */
  retention_days: number;
  /** Port to listen at from the next start on; null: the usual one. */
  port: number | null;
  /** Whether GET /metrics answers. */
  metrics: boolean;
  /** Addresses and ranges of proxies that may say for whom they ask. */
  trusted_proxies: readonly string[];
  /** The header in which they do. */
  trusted_header: ForwardedHeader;
  /** Where alerts are sent, and since when, ms; its secret is in the vault. */
  alert_webhook: { url: string; since: number } | null;
  /** Whether people may ask to join at /join. */
  joining: boolean;
  /** Whether Ollama's API answers on this computer. */
  ollama: boolean;
  /** The key that its requests count as which bring none; null: they are refused; `unset`: not chosen yet. */
  ollama_key: number | null | 'unset';
  /** A port that is Ollama's API's own; null: none. */
  ollama_port: number | null;
  /** Last audit row that the roll-ups hold. */
  rolled_up_to: number;
  /** Hours from here on are in `usage_sums`, ms. An upgrade goes on from the newest back; 0: all are. */
  sums_from: number;
  /** Hours from here on are in `usage_months`, ms. An upgrade goes on from the newest back; 0: all are. */
  months_from: number;
  /** Rows behind this one are in `request_hours` and `failed_calls`. An upgrade goes back; 0: all are. */
  located_after: number;
  /** Rows from this moment on are in them whatever else is, ms. */
  located_since: number;
  /** Names this data folder's entries in the keychain. */
  vault_scope: string;
}

const DEFAULTS: SettingValues = {
  default_model: null,
  retention_days: 365,
  port: null,
  metrics: false,
  trusted_proxies: [],
  trusted_header: 'x-forwarded-for',
  alert_webhook: null,
  joining: false,
  ollama: false,
  ollama_key: 'unset',
  ollama_port: null,
  rolled_up_to: 0,
  sums_from: 0,
  months_from: 0,
  located_after: 0,
  located_since: 0,
  vault_scope: '',
};

/** Settings: held in memory, written through. */
export class Settings {
  readonly #values: SettingValues = { ...DEFAULTS };
  readonly #put;

  constructor(db: Database) {
    this.#put = db.prepare<[string, string]>(
      'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
    );
    const rows = db.prepare<[], { key: string; value: string }>('SELECT key, value FROM settings').all();
    for (const { key, value } of rows) {
      if (key in DEFAULTS) Object.assign(this.#values, { [key]: JSON.parse(value) });
    }
  }

  get<Key extends keyof SettingValues>(key: Key): SettingValues[Key] {
    return this.#values[key];
  }

  set<Key extends keyof SettingValues>(key: Key, value: SettingValues[Key]): void {
    this.write(key, value);
    this.remember(key, value);
  }

  /** Writes without showing it yet: for a transaction that may still fail. `remember` follows its commit. */
  write<Key extends keyof SettingValues>(key: Key, value: SettingValues[Key]): void {
    this.#put.run(key, JSON.stringify(value));
  }

  remember<Key extends keyof SettingValues>(key: Key, value: SettingValues[Key]): void {
    this.#values[key] = value;
  }
}
