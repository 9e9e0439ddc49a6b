import { createHash } from 'node:crypto';
import type { Names } from '../../../gateway/audit/names.ts';
import type { Store } from '../../../gateway/store/store.ts';
import type { PastRequest } from './days.ts';
import { MODELS, PROVIDERS } from './people.ts';

const INSERT = `
  INSERT INTO requests (id, at, request_id, member_id, key_id, address, tool, endpoint, model, provider_id, upstream_model,
    attempts, status, code, streamed, latency_ms, ttfb_ms, input_tokens, output_tokens, cached_tokens, reasoning_tokens,
    cost_micros, charged_tokens, counted, paid_from)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

const STATUS = { answered: 200, failed: 502, refused: 429, wrong_key: 401, hung_up: 499 };
const CODE = {
  ...{ answered: null, failed: 'upstream_error', refused: 'quota_day', wrong_key: 'invalid_key' },
  hung_up: 'client_closed',
};

/** Writes requests of the past as the gateway does, with all that stands beside their rows. */
export class PastRows {
  readonly #names: Names;
  readonly #insert;
  readonly #attempt;
  readonly #refusal;
  readonly #ledger;
  readonly #balance;
  readonly #keyAddress;
  #nextId = 1;

  constructor({ db }: Store, names: Names) {
    this.#names = names;
    this.#insert = db.prepare(INSERT);
    this.#attempt = db.prepare(
      'INSERT INTO attempts (request, number, provider_id, upstream_model, status, reason, latency_ms) VALUES (?, ?, ?, ?, ?, ?, 240)',
    );
    this.#refusal = db.prepare(
      `INSERT INTO limit_refusals (request, scope, subject_id, metric, window_seconds, amount, used, needed, passes_at)
       VALUES (?, 'member', ?, 'tokens', 86400, 5000000, 4999000, 3200, ?)`,
    );
    this.#ledger = db.prepare(
      "INSERT INTO ledger_entries (member_id, at, kind, tokens, request) VALUES (?, ?, 'charge', ?, ?)",
    );
    this.#balance = db.prepare(
      'INSERT INTO balances (member_id, tokens, micros) VALUES (?, ?, 0) ON CONFLICT DO UPDATE SET tokens = tokens + excluded.tokens',
    );
    this.#keyAddress = db.prepare(
      'INSERT OR IGNORE INTO key_addresses (key_id, address, first_at) VALUES (?, ?, ?)',
    );
  }

  write(request: PastRequest): void {
    const { at, key, model, ending, retried, prepaid, random } = request;
    const name = (text: string) => this.#names.id(text);
    const id = this.#nextId++;
    const reached = ending !== 'refused' && ending !== 'wrong_key';
    const served = ending === 'answered' || ending === 'hung_up';
    const input = reached ? Math.floor(1_500 + random * 40_000) : 0;
    const output = served ? Math.floor(40 + ((random * 7_919) % 1) * 1_500) : 0;
    const place = MODELS.indexOf(model ?? '') + (retried ? 1 : 0);
    const provider = reached ? (place % PROVIDERS) + 1 : null;
    const address = name(request.address);
    const streamed = random < 0.9;
    this.#insert.run(
      ...[
        id,
        at,
        uuidBytes(at, id),
        key?.memberId ?? null,
        key?.id ?? null,
        address,
        name(key?.tool ?? 'curl'),
      ],
      ...[
        name(random < 0.7 ? 'messages' : random < 0.97 ? 'chat' : 'responses'),
        model && name(model),
        provider,
      ],
      ...[reached && model ? name(model) : null, reached ? (retried ? 2 : 1) : 0, STATUS[ending]],
      ...[CODE[ending] === null ? null : name(CODE[ending]), streamed ? 1 : 0],
      ...[reached ? Math.floor(900 + random * 16_000) : 1, served ? Math.floor(250 + random * 900) : null],
      ...[input, output, Math.floor(input * 0.8), random < 0.2 ? Math.floor(output / 2) : 0],
      ...[Math.round(input * 1.2 + output * 9), input + output],
      ...[reached ? (ending === 'failed' ? 2 : 1) : 0, prepaid && reached ? 1 : 0],
    );
    if (key !== null) this.#keyAddress.run(key.id, address, at);
    this.#writeBeside(request, id, { provider: (place % PROVIDERS) + 1, tokens: input + output });
  }

  #writeBeside(
    { at, key, model, ending, retried, prepaid }: PastRequest,
    id: number,
    { provider, tokens }: { provider: number; tokens: number },
  ): void {
    const upstream = this.#names.id(model ?? '');
    if (retried && ending !== 'refused')
      this.#attempt.run(id, 1, provider, upstream, 529, this.#names.id('overloaded'));
    if (ending === 'failed')
      this.#attempt.run(id, retried ? 2 : 1, provider, upstream, 500, this.#names.id('server_error'));
    if (ending === 'refused' && key !== null) this.#refusal.run(id, String(key.memberId), at + 3_600_000);
    if (!prepaid || key === null || tokens === 0) return;
    this.#ledger.run(key.memberId, at, -tokens, id);
    this.#balance.run(key.memberId, -tokens);
  }
}

/** A UUID of version 7: its time, then what is random. */
function uuidBytes(at: number, id: number): Buffer {
  const bytes = Buffer.allocUnsafe(16);
  bytes.writeUIntBE(at, 0, 6);
  createHash('md5').update(String(id)).digest().copy(bytes, 6, 0, 10);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  return bytes;
}
