/** What the doctor asks of the gateway: by the admin API from the command line, directly within it. */
import type { Mend } from './finding.ts';

/** Why a key, or a key with a model, would be refused or not be served, as things stand. */
export interface Trouble {
  check: string;
  state: 'warn' | 'bad';
  /** Goes after the name of the tool or variable, as in “Codex: the key … was revoked”. */
  what: string;
  /** Null where whoever has the key should get another. */
  mend: Mend | null;
}

export interface KeyOutlook {
  /** Null for a key that this gateway never made. */
  key: { id: string; name: string; prefix: string } | null;
  /** Of the key, its member and limits; none where it is good. */
  troubles: Trouble[];
  models: { model: string; troubles: Trouble[] }[];
}

export interface GatewayView {
  /** Where it listens on this computer, such as `http://127.0.0.1:7411`. */
  addresses: readonly string[];
  /** Where it is shared, over HTTPS. */
  sharedUrls: readonly string[];
  /** The authority whose certificates it proves itself by, PEM; null where it was never shared. */
  authority: string | null;
  /** Of the `x-ntl-instance` header. */
  instance: string;
  /** @param keyHash SHA-256 in hexadecimal */
  outlook(keyHash: string, models: readonly string[]): Promise<KeyOutlook>;
}
