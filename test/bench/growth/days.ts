import { type People, PREPAID_EVERY, type UsedKey } from './people.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** One request of the past. */
export interface PastRequest {
  at: number;
  /** Null where the key was wrong. */
  key: UsedKey | null;
  address: string;
  model: string | null;
  ending: 'answered' | 'failed' | 'refused' | 'wrong_key' | 'hung_up';
  /** Whether another target failed first. */
  retried: boolean;
  prepaid: boolean;
  random: number;
}

/**
 * The requests of one day in UTC in order of time: people come to work in sessions of some dozen requests with one
 * key, most of them by day and on working days. Members and keys are used as Zipf's law has it.
 * @param before nothing is later
 */
export function requestsOfDay(
  people: People,
  day: number,
  wanted: number,
  before: number,
  random: () => number,
): PastRequest[] {
  const found: PastRequest[] = [];
  while (found.length < wanted) {
    const start = day + startOfSession(random);
    const member = zipf(people.keysOf.length, random);
    const keys = people.keysOf[member] ?? [];
    const key = keys[zipf(keys.length, random)];
    if (key === undefined) continue;
    const model = pick(key.models, random);
    const address = pick(key.addresses, random);
    const requests = Math.min(200, 1 + Math.floor(-14 * Math.log(1 - random())));
    for (let at = start, index = 0; index < requests; index++) {
      at += Math.floor(2_000 + 40_000 * random() ** 2);
      if (at >= Math.min(before, day + DAY_MS)) break;
      found.push(oneRequest({ at, key, address, model, prepaid: member % PREPAID_EVERY === 0 }, random));
    }
  }
  return found.sort((a, b) => a.at - b.at);
}

function oneRequest(
  facts: Pick<PastRequest, 'at' | 'key' | 'address' | 'model' | 'prepaid'>,
  random: () => number,
): PastRequest {
  const chance = random();
  const rest = { retried: random() < 0.01, random: random() };
  if (chance < 0.003) {
    const address = `203.0.113.${Math.floor(random() * 250)}`;
    return { ...facts, key: null, model: null, address, ending: 'wrong_key', ...rest, retried: false };
  }
  const ending =
    chance < 0.018 ? 'refused' : chance < 0.024 ? 'failed' : chance < 0.034 ? 'hung_up' : 'answered';
  return { ...facts, ending, ...rest };
}

/** Early and late there is little. */
function startOfSession(random: () => number): number {
  for (;;) {
    const at = random() * DAY_MS;
    const hour = at / HOUR_MS;
    if (random() < (hour < 7 ? 0.08 : hour < 18 ? 1 : hour < 22 ? 0.3 : 0.12)) return Math.floor(at);
  }
}

/** 0 most often, then 1 about half as often, and so on. */
function zipf(count: number, random: () => number): number {
  return Math.floor((count + 1) ** random() - 1);
}

function pick<Item>(items: readonly Item[], random: () => number): Item {
  return items[Math.floor(random() ** 2.5 * items.length)] as Item;
}
