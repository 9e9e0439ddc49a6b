import type { Database } from '../store/store.ts';
import type { Names } from './names.ts';

/** An audit row as the outside reads it: ids are strings, times ISO 8601 in UTC, money micros of a US dollar. */
export interface AuditRow {
  id: string;
  at: string;
  requestId: string;
  memberId: string | null;
  keyId: string | null;
  keyPrefix: string | null;
  address: string;
  tool: string;
  endpoint: string;
  model: string | null;
  providerId: string | null;
  upstreamModel: string | null;
  attempts: number;
  /** 0 while the request runs. */
  status: number;
  code: string | null;
  streamed: boolean;
  latencyMs: number | null;
  ttfbMs: number | null;
  /** Includes cached tokens, in every protocol. */
  inputTokens: number;
  outputTokens: number;
  cachedTokens: number;
  reasoningTokens: number;
  estimated: boolean;
  costMicros: number;
  multiplier: number;
  chargedTokens: number;
  /** What the target could not take of the request, by name, as `x-ntl-dropped` told it; null for nothing. */
  dropped: string | null;
  /** Also of a member or provider that was deleted since. */
  memberName: string | null;
  providerName: string | null;
}

/** A call to a provider that failed, before another target answered or none did. */
export interface AttemptRow {
  number: number;
  providerId: string | null;
  providerName: string | null;
  upstreamModel: string | null;
  status: number | null;
  reason: string | null;
  latencyMs: number;
}

interface StoredRow {
  id: number;
  at: number;
  requestId: Buffer;
  memberId: number | null;
  keyId: number | null;
  keyPrefix: string | null;
  address: number;
  tool: number;
  endpoint: number;
  model: number | null;
  providerId: number | null;
  upstreamModel: number | null;
  attempts: number;
  status: number;
  code: number | null;
  streamed: number;
  latencyMs: number | null;
  ttfbMs: number | null;
  inputTokens: number;
  outputTokens: number;
  cachedTokens: number;
  reasoningTokens: number;
  estimated: number;
  costMicros: number;
  multiplier: number;
  chargedTokens: number;
  dropped: number | null;
  memberName: string | null;
  providerName: string | null;
}

interface StoredAttempt {
  number: number;
  providerId: number | null;
  providerName: string | null;
  upstreamModel: number;
  status: number | null;
  reason: number;
  latencyMs: number;
}

/** Every lookup goes by primary key. */
const ROWS = `
  SELECT r.id, r.at, r.request_id AS requestId, r.member_id AS memberId, r.key_id AS keyId, k.prefix AS keyPrefix, r.address,
    r.tool, r.endpoint, r.model, r.provider_id AS providerId, r.upstream_model AS upstreamModel, r.attempts, r.status, r.code,
    r.streamed, r.latency_ms AS latencyMs, r.ttfb_ms AS ttfbMs, r.input_tokens AS inputTokens, r.output_tokens AS outputTokens,
    r.cached_tokens AS cachedTokens, r.reasoning_tokens AS reasoningTokens, r.estimated, r.cost_micros AS costMicros,
    r.multiplier, r.charged_tokens AS chargedTokens, r.dropped, m.name AS memberName, p.name AS providerName
  FROM json_each(?) AS wanted JOIN requests r ON r.id = wanted.value
    LEFT JOIN api_keys k ON k.id = r.key_id LEFT JOIN members m ON m.id = r.member_id
    LEFT JOIN providers p ON p.id = r.provider_id
  ORDER BY wanted.key`;

/** Reads audit rows by their numbers. */
export class AuditRows {
  readonly #names: Names;
  readonly #rows;
  readonly #attempts;

  constructor(db: Database, names: Names) {
    this.#names = names;
    this.#rows = db.prepare<[string], StoredRow>(ROWS);
    this.#attempts = db.prepare<[number], StoredAttempt>(
      `SELECT a.number, a.provider_id AS providerId, p.name AS providerName, a.upstream_model AS upstreamModel, a.status,
         a.reason, a.latency_ms AS latencyMs
       FROM attempts a LEFT JOIN providers p ON p.id = a.provider_id WHERE a.request = ? ORDER BY a.number LIMIT 100`,
    );
  }

  /** In the order of `ids`; a row that is gone is left out. Ask for some hundreds at a time. */
  read(ids: readonly number[]): AuditRow[] {
    return this.#rows.all(JSON.stringify(ids)).map((row) => this.#shape(row));
  }

  attempts(id: number): AttemptRow[] {
    return this.#attempts.all(id).map((attempt) => ({
      ...attempt,
      providerId: idText(attempt.providerId),
      upstreamModel: this.#names.text(attempt.upstreamModel),
      reason: this.#names.text(attempt.reason),
    }));
  }

  #shape(row: StoredRow): AuditRow {
    const text = (id: number | null) => this.#names.text(id);
    return {
      ...row,
      id: String(row.id),
      at: new Date(row.at).toISOString(),
      requestId: uuidText(row.requestId),
      memberId: idText(row.memberId),
      keyId: idText(row.keyId),
      address: text(row.address) ?? '',
      tool: text(row.tool) ?? '',
      endpoint: text(row.endpoint) ?? '',
      model: text(row.model),
      providerId: idText(row.providerId),
      upstreamModel: text(row.upstreamModel),
      code: text(row.code),
      dropped: text(row.dropped),
      streamed: row.streamed === 1,
      estimated: row.estimated === 1,
    };
  }
}

/** The sixteen bytes in the usual form (RFC 9562 §4). */
function uuidText(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function idText(id: number | null): string | null {
  return id === null ? null : String(id);
}
