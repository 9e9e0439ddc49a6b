/** A table as it goes from one gateway to another. */
export interface PortableTable {
  name: string;
  /** Only with the audit log: there may be millions of rows. */
  audit?: true;
  /** Which rows go along where the audit log does not. */
  without?: string;
  /** Columns that are of no use elsewhere, with what takes their place. */
  instead?: Readonly<Record<string, number | string | null>>;
  /** Rows that stay, by a column's value. */
  except?: readonly [column: string, values: readonly string[]];
}

/** Rows that are in no sum yet are missed by nobody only if they go along. */
const NOT_SUMMED = "id > ifnull((SELECT CAST(value AS INTEGER) FROM settings WHERE key = 'rolled_up_to'), 0)";

/** What an export holds, in the order in which it is written. */
export const PORTABLE_TABLES: readonly PortableTable[] = [
  // Where this folder's secrets are, and what is of no use without one.
  { name: 'settings', except: ['key', ['vault_scope', 'alert_webhook']] },
  ...of('plans', 'members', 'api_keys', 'ip_blocks'),
  { name: 'providers', instead: { credential_stored: 0 } },
  ...of('models', 'model_targets', 'limits', 'presets', 'listed_models', 'model_listings'),
  ...of('ledger_entries', 'balances'),
  ...of('billing_customers', 'billing_sessions', 'billing_credits', 'billing_terms', 'billing_plans'),
  ...of('names', 'usage_minutes', 'total_minutes', 'usage_hours', 'usage_sums', 'usage_months'),
  ...of('failed_calls', 'tool_uses'),
  ...of('changes', 'alerts', 'key_addresses'),
  { name: 'requests', without: NOT_SUMMED },
  ...(['attempts', 'limit_refusals', 'balance_refusals', 'request_hours'] as const).map(
    (name): PortableTable => ({ name, audit: true }),
  ),
];

/** What stays, and why. A new table belongs here or above; a test asks. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  billing_account: 'says that a Stripe key is stored, which is in the vault',
  sharing: 'the certificate of a key in the vault, and the password of the panel',
  passkeys: 'they sign in to the host they were made for',
  join_requests: 'people who wait in front of this gateway',
};

function of(...names: string[]): PortableTable[] {
  return names.map((name) => ({ name }));
}
