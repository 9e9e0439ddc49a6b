import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { v7 } from 'uuid';
import type { TestGateway } from '../../support/gateway.ts';
import { seeded } from '../../support/seeded.ts';
import type { Studio } from './studio.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const TOOLS = ['claude-code', 'codex', 'opencode', 'cline', 'continue', 'anthropic-sdk'];
const ADDRESSES = ['127.0.0.1', '192.168.1.12', '192.168.1.31', '192.168.1.77'];

export interface HistoryOptions {
  rows: number;
  days: number;
}

/**
 * Puts requests of the past into a gateway's audit log, as if they had been made: the same ones each time for
 * the same count. The gateway is stopped for it and sums them up itself when it is back.
 */
export async function makeHistory(
  gateway: TestGateway,
  studio: Studio,
  options: HistoryOptions,
): Promise<void> {
  await gateway.restart(() => {
    const db = new Database(join(gateway.dataDir, 'ntl.db'));
    try {
      db.transaction(() => insertRows(db, studio, options))();
      db.transaction(() => insertAlerts(db, studio))();
    } finally {
      db.close();
    }
  });
}

function insertRows(db: Database.Database, studio: Studio, { rows, days }: HistoryOptions): void {
  const random = seeded(7_411);
  const pick = <Item>(items: readonly Item[]): Item =>
    items[Math.floor(random() ** 1.6 * items.length)] as Item;
  const name = namer(db);
  const insert = db.prepare(`
    INSERT INTO requests (id, at, request_id, member_id, key_id, address, tool, endpoint, model, provider_id, upstream_model,
      attempts, status, code, streamed, latency_ms, ttfb_ms, input_tokens, output_tokens, cached_tokens, cost_micros,
      charged_tokens, counted)
    VALUES (@id, @at, @requestId, @member, @key, @address, @tool, @endpoint, @model, @provider, @upstream, @attempts, @status,
      @code, 1, @latency, @ttfb, @input, @output, @cached, @cost, @charged, @counted)`);
  const attempt = db.prepare(
    'INSERT INTO attempts (request, number, provider_id, upstream_model, status, reason, latency_ms) VALUES (?, 1, ?, ?, 529, ?, 240)',
  );
  const first = (db.prepare('SELECT ifnull(max(id), 0) AS id FROM requests').get() as { id: number }).id + 1;
  const endpoint = name('/api/v1/messages');
  for (const [index, at] of moments(rows, days, random).entries()) {
    const id = first + index;
    const key = pick(studio.keys);
    const model = pick(studio.models);
    const refused = random() < 0.015;
    const failed = !refused && random() < 0.004;
    const retried = !refused && random() < 0.01;
    const input = refused ? 0 : Math.floor(2_000 + random() * 30_000);
    const output = refused || failed ? 0 : Math.floor(40 + random() * 1_500);
    const cost = input * 1.2 + output * 9;
    insert.run({
      ...{ id, at, endpoint },
      requestId: Buffer.from(v7({ msecs: at, random: randomBytes(16) }, new Uint8Array(16))),
      ...{ member: Number(key.memberId), key: Number(key.id) },
      address: name(pick(ADDRESSES)),
      // Each key belongs to one tool, as people set them up.
      tool: name(TOOLS[Number(key.id) % TOOLS.length] ?? 'other'),
      model: name(model),
      provider: refused ? null : providerOf(studio, model, retried),
      upstream: refused ? null : name(model),
      attempts: refused ? 0 : retried ? 2 : 1,
      status: refused ? 429 : failed ? 502 : 200,
      code: refused ? name('quota_day') : failed ? name('upstream_error') : null,
      latency: refused ? 2 : Math.floor(900 + random() * 16_000),
      ttfb: refused || failed ? null : Math.floor(250 + random() * 900),
      ...{ input, output, cached: Math.floor(input * 0.7) },
      cost: Math.round(cost),
      charged: input + output,
      counted: refused ? 0 : 1,
    });
    if (retried) attempt.run(id, providerOf(studio, model, false), name(model), name('overloaded'));
  }
}

/** A model's first provider; after a failed attempt the next one, where there is one. */
function providerOf({ targets }: Studio, model: string, retried: boolean): number {
  const [first = '', second = first] = targets[model] ?? [];
  return Number(retried ? second : first);
}

/** Moments of the last days in order, more of them where people work: by the hour and the weekday of local time. */
function moments(count: number, days: number, random: () => number): number[] {
  const end = Date.now() - 2 * MINUTE_MS;
  const start = end - days * DAY_MS;
  const found: number[] = [];
  while (found.length < count) {
    const at = Math.floor(start + random() * (end - start));
    if (random() < busyness(new Date(at))) found.push(at);
  }
  return found.sort((a, b) => a - b);
}

/** 0 to 1: mornings and afternoons of working days are full. */
function busyness(at: Date): number {
  const hour = at.getHours();
  const byHour =
    hour < 7 ? 0.08 : hour < 9 ? 0.4 : hour === 12 ? 0.5 : hour < 18 ? 1 : hour < 22 ? 0.25 : 0.12;
  return [0, 6].includes(at.getDay()) ? byHour * 0.25 : byHour;
}

function insertAlerts(db: Database.Database, studio: Studio): void {
  const insert = db.prepare(
    'INSERT INTO alerts (at, kind, message, member_id, key_id, address) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const now = Date.now();
  const mika = Number(studio.members.Mika);
  const key = Number(studio.keys.find(({ memberId }) => memberId === studio.members.Mika)?.id);
  insert.run(
    now - 30 * MINUTE_MS,
    'new_address',
    'Mika’s key “main” was used from a new address, 192.168.1.77.',
    mika,
    key,
    '192.168.1.77',
  );
  insert.run(now - 11 * MINUTE_MS, 'provider_failing', 'DeepSeek refuses its credential.', null, null, null);
  insert.run(
    now - MINUTE_MS,
    'refused_keys',
    '192.168.1.203 tried 20 wrong keys within a minute and is blocked for an hour.',
    null,
    null,
    '192.168.1.203',
  );
}

function namer(db: Database.Database): (text: string) => number {
  const known = new Map<string, number>();
  const put = db.prepare('INSERT INTO names (text) VALUES (?) ON CONFLICT DO NOTHING');
  const find = db.prepare('SELECT id FROM names WHERE text = ?');
  return (text) => {
    let id = known.get(text);
    if (id === undefined) {
      put.run(text);
      ({ id } = find.get(text) as { id: number });
      known.set(text, id);
    }
    return id;
  };
}
