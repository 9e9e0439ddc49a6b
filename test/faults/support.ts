import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify as uuidText } from 'uuid';
import { onTestFinished } from 'vitest';
import { openReadOnly } from '../../gateway/store/sqlite.ts';
import type { Provider } from '../support/provider/provider.ts';

export interface Answer {
  status: number;
  requestId: string;
  text: string;
  headers: Headers;
}

export interface SendOptions {
  path?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** An audit row as it lies in the database, texts in the place of their numbers. */
export interface StoredRow {
  id: number;
  at: number;
  requestId: string;
  memberId: number | null;
  status: number;
  code: string | null;
  endpoint: string;
  inputTokens: number;
  outputTokens: number;
  costMicros: number;
  chargedTokens: number;
  estimated: number;
  counted: number;
  paidFrom: number;
}

export const MESSAGES = [{ role: 'user', content: 'hi' }];

/** A folder that is gone after the test. */
export function dataFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'ntl-fault-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Posts to a gateway and reads the whole answer, streamed or not. */
export async function send(
  url: string,
  key: string,
  body: unknown,
  { path = '/v1/chat/completions', headers = {}, signal }: SendOptions = {},
): Promise<Answer> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });
  const text = await response.text();
  const requestId = response.headers.get('x-request-id') ?? '';
  return { status: response.status, requestId, text, headers: response.headers };
}

export function codeOf(text: string): string | undefined {
  return /"code":\s*"([a-z_]+)"/.exec(text)?.[1];
}

/** How many of each `status code`, such as `{"200":60,"429 rate_limit_minute":140}`. */
export function tally(answers: readonly { status: number; text: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, text } of answers) {
    const name = status < 400 ? `${status}` : `${status} ${codeOf(text)}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

export function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** Lets every gated answer of the provider out, those of later requests not. */
export function releaseAll(provider: Provider): void {
  for (const request of provider.requests) request.releaseAll();
}

/** Reads a data folder's database from outside; the gateway on it may run. */
export function query<Row>(dataDir: string, sql: string): Row[] {
  const db = openReadOnly(join(dataDir, 'ntl.db'));
  try {
    return db.prepare<[], Row>(sql).all();
  } finally {
    db.close();
  }
}

/** In order of admission. */
export function storedRows(dataDir: string): StoredRow[] {
  const rows = query<Omit<StoredRow, 'requestId'> & { requestId: Buffer }>(
    dataDir,
    `SELECT r.id, r.at, r.request_id AS requestId, r.member_id AS memberId, r.status, c.text AS code, e.text AS endpoint,
       r.input_tokens AS inputTokens, r.output_tokens AS outputTokens, r.cost_micros AS costMicros,
       r.charged_tokens AS chargedTokens, r.estimated, r.counted, r.paid_from AS paidFrom
     FROM requests r LEFT JOIN names c ON c.id = r.code LEFT JOIN names e ON e.id = r.endpoint ORDER BY r.id`,
  );
  return rows.map((row) => ({ ...row, requestId: uuidText(row.requestId) }));
}

/** The result of SQLite's full check; `ok` when sound. */
export function integrityOf(dataDir: string): string {
  return query<{ integrity_check: string }>(dataDir, 'PRAGMA integrity_check')
    .map((row) => row.integrity_check)
    .join('\n');
}
