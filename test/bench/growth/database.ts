import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Names } from '../../../gateway/audit/names.ts';
import { RollUp } from '../../../gateway/audit/roll-up.ts';
import { Settings } from '../../../gateway/catalogue/settings.ts';
import { openStore, type Store } from '../../../gateway/store/store.ts';
import { seeded } from '../../support/seeded.ts';
import { requestsOfDay } from './days.ts';
import { addPeople, type People } from './people.ts';
import { PastRows } from './rows.ts';

const DAY_MS = 86_400_000;

export interface Size {
  rows: number;
  days: number;
  members: number;
  keys: number;
}

/** What a made folder holds, kept beside the database so that it need not be made again. */
export interface Made extends Size {
  /** Of a key to ask with. */
  plaintext: string;
  madeAt: number;
}

/**
 * Makes a gateway's data folder that has years behind it: rows are written day by day and rolled up by the gateway's
 * own roll-up, so that its tables are as full of holes as they grow in life. An existing folder of that size is kept.
 * @param origin where every provider answers
 */
export async function makeDatabase(
  dataDir: string,
  size: Size,
  origin: string,
  tell: (line: string) => void,
): Promise<Made> {
  const note = join(dataDir, 'growth.json');
  if (existsSync(note)) {
    const made = JSON.parse(readFileSync(note, 'utf8')) as Made;
    await aimAt(dataDir, origin);
    return made;
  }
  const store = await openStore({ dataDir, backupStartDelayMs: 2 ** 30 });
  const madeAt = Date.now();
  store.db.pragma('synchronous = OFF');
  store.db.pragma('cache_size = -400000');
  const first = Math.floor(madeAt / DAY_MS - size.days + 1) * DAY_MS;
  const people = addPeople(store, size, origin, first);
  await writeDays(store, people, { ...size, first, madeAt }, tell);
  await store.close();
  const made = { ...size, plaintext: people.plaintext, madeAt };
  writeFileSync(note, JSON.stringify(made));
  return made;
}

async function writeDays(
  store: Store,
  people: People,
  { rows, days, first, madeAt }: { rows: number; days: number; first: number; madeAt: number },
  tell: (line: string) => void,
): Promise<void> {
  const { db } = store;
  const settings = new Settings(db);
  settings.set('retention_days', days + 30);
  let wall = first;
  const rollUp = new RollUp(store, { settledBelow: Number.MAX_SAFE_INTEGER }, settings, () => wall);
  const past = new PastRows(store, new Names(db));
  const random = seeded(7_411);
  const weights = Array.from({ length: days }, (_, day) =>
    [0, 6].includes(new Date(first + day * DAY_MS).getUTCDay()) ? 0.3 : 1,
  );
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  let written = 0;
  for (const [index, weight] of weights.entries()) {
    const day = first + index * DAY_MS;
    const share = Math.min(1, Math.max(0.05, (madeAt - day) / DAY_MS));
    const wanted =
      index === days - 1 ? Math.min(rows - written, (rows / whole) * share) : (rows / whole) * weight;
    const requests = requestsOfDay(people, day, wanted, madeAt - 1_000, random);
    db.exec('BEGIN');
    for (const request of requests) past.write(request);
    db.exec('COMMIT');
    written += requests.length;
    wall = Math.min(day + DAY_MS, madeAt);
    while (await rollUp.slice());
    if (index % 20 === 0 || index === days - 1) tell(`day ${index + 1} of ${days}: ${written} rows`);
  }
}

/** A kept folder asks providers at the address they have this time. */
async function aimAt(dataDir: string, origin: string): Promise<void> {
  const store = await openStore({ dataDir, backupStartDelayMs: 2 ** 30 });
  store.db.prepare('UPDATE providers SET base_url = ?').run(origin);
  await store.close();
}

/** A folder of its own with the same database, to take apart. @returns its path */
export function copyOf(dataDir: string): string {
  const copy = `${dataDir}-copy`;
  rmSync(copy, { recursive: true, force: true });
  cpSync(dataDir, copy, { recursive: true });
  return copy;
}
