import { setTimeout as pause } from 'node:timers/promises';
import type { Case, Entry } from '../cases.ts';
import { load, type Target } from '../client/load.ts';
import { requestBody } from '../conversation.ts';
import type { Provider } from '../sides/provider.ts';
import type { CpuAccount } from './cpu-account.ts';
import { inTurn } from './in-turn.ts';
import { residentBytes } from './process-usage.ts';
import type { CaseResult, Round } from './results.ts';
import { percentile } from './statistics.ts';
import { targetOf } from './target.ts';

export interface Bench {
  provider: Provider;
  /** The process of a side. */
  pid(entry: Entry): number;
  account: CpuAccount;
  rounds: number;
  ms: number;
}

/** Whose clients would wait for so many times the length of a round is left out of the case. */
const LONGEST_WAIT = 15;
/** A round that took so many times its length is not repeated. */
const LONGEST_ROUND = 4;
/** Part of a round that is run beforehand and not counted. */
const WARM_UP = 0.3;
/** Between two rounds: what the one leaves behind shall not run in the other. */
const PAUSE_MS = 50;

/** Puts one case to everybody, in short rounds that take turns. @throws Error at the first wrong answer, naming who gave it */
export async function runCase(bench: Bench, one: Case): Promise<CaseResult> {
  const { clients } = one;
  const rounds = new Map<string, (Round | undefined)[]>();
  const parse: number[] = [];
  const targets = new Map<Entry, Target>();
  for (const entry of one.entries) {
    await naming(entry, one, async () => {
      const target = await quickEnough(bench, entry, one);
      if (target === null) return;
      targets.set(entry, target);
      await load(target, clients, bench.ms * WARM_UP);
    });
    rounds.set(entry.id, []);
  }

  const slow = new Set<Entry>();
  for (let index = 0; index < bench.rounds; index += 1) {
    if (one.group === 'json-1m') parse.push(parseMs(requestBody('m', one.script, one.bytes)));
    for (const entry of inTurn(one.entries, index)) {
      const target = targets.get(entry);
      if (target === undefined || slow.has(entry) || (entry.seldom && index % 2 === 1)) continue;
      await pause(PAUSE_MS);
      const begun = performance.now();
      const round = await naming(entry, one, () => runRound(bench, entry, target, clients));
      (rounds.get(entry.id) ?? [])[index] = round;
      if (performance.now() - begun > bench.ms * LONGEST_ROUND) slow.add(entry);
    }
  }
  bench.account.close();
  return { case: one, rounds, parse };
}

/** @returns null for who has no such call, or would take too long for it */
async function quickEnough(
  { provider, ms }: Bench,
  { side, call }: Entry,
  one: Case,
): Promise<Target | null> {
  const found = await targetOf(provider, side, call, one.bytes);
  if (found === null) return null;
  const wait = one.script === 'paced' ? found.ms : found.ms * one.clients;
  return wait > LONGEST_WAIT * ms ? null : found.target;
}

async function runRound(bench: Bench, entry: Entry, target: Target, clients: number): Promise<Round> {
  const { side } = entry;
  let cpu = 0;
  const result = await load(target, clients, bench.ms, () => {
    if (side !== null) cpu = bench.account.begin(side.name);
  });
  const round: Round = { ...result, cpu: Number.NaN, resident: residentBytes(bench.pid(entry)) };
  if (side !== null) bench.account.end(side.name, round, cpu);
  return round;
}

async function naming<T>(entry: Entry, { group, clients }: Case, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new Error(`${entry.id}, ${group}, ${clients} clients: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

const PARSES = 9;

function parseMs(body: string): number {
  const times = Array.from({ length: PARSES }, () => {
    const begun = performance.now();
    JSON.parse(body);
    return performance.now() - begun;
  });
  return percentile(times, 0.5);
}
