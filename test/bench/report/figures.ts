/** Figures of one case: medians of rounds, and ratios of rounds that stood beside each other. */
import type { Case } from '../cases.ts';
import type { CaseResult, Results, Round } from '../measures/results.ts';
import { type Spread, spread } from '../measures/statistics.ts';

/** `added…` is what a side adds to a direct call of the provider in the same case. */
export type Measure =
  | 'rate'
  | 'cpu'
  | 'p50'
  | 'p99'
  | 'firstByte'
  | 'addedP50'
  | 'addedP99'
  | 'addedFirstByte';

const ADDED = { addedP50: 'p50', addedP99: 'p99', addedFirstByte: 'firstByte' } as const;

export class Figures {
  readonly #byEntry: CaseResult['rounds'];
  readonly #parse: CaseResult['parse'];
  readonly #direct: Readonly<Record<'p50' | 'p99' | 'firstByte', number>>;

  constructor(rounds: CaseResult['rounds'], parse: CaseResult['parse']) {
    this.#byEntry = rounds;
    this.#parse = parse;
    const direct = (measure: 'p50' | 'p99' | 'firstByte'): number =>
      spread(this.#rounds('direct').flatMap((round) => (round ? [round[measure]] : []))).median;
    this.#direct = { p50: direct('p50'), p99: direct('p99'), firstByte: direct('firstByte') };
  }

  /** Median of the entry's rounds. Milliseconds; for `rate` answers a second. NaN where it had none. */
  median(entry: string, measure: Measure): number {
    const rounds = this.#rounds(entry).filter((round) => round !== undefined);
    if (measure === 'cpu') return cpuOf(rounds);
    return spread(rounds.map((round) => this.#value(round, measure))).median;
  }

  /** Of an entry to another: each round of the one by the same round of the other, and of those the median. */
  ratio(entry: string, measure: Measure, to = 'bare'): Spread {
    const others = this.#rounds(to);
    const pairs = this.#rounds(entry).flatMap((round, index) => {
      const other = others[index];
      return round === undefined || other === undefined ? [] : [[round, other] as const];
    });
    const ratios = spread(
      pairs.flatMap(([round, other]) => {
        const [value, by] = [this.#value(round, measure), this.#value(other, measure)];
        // What is less than the provider's own noise tells nothing as a divisor.
        return value >= 0 && by > 0 ? [value / by] : [];
      }),
    );
    if (measure !== 'cpu') return ratios;
    return {
      ...ratios,
      median: cpuOf(pairs.map(([round]) => round)) / cpuOf(pairs.map(([, other]) => other)),
    };
  }

  /** Added p50 by the time of one JSON.parse of the body in the same round. */
  parses(entry: string): Spread {
    const ratios = this.#rounds(entry).flatMap((round, index) => {
      const parse = this.#parse[index];
      return round === undefined || parse === undefined ? [] : [this.#value(round, 'addedP50') / parse];
    });
    return spread(ratios);
  }

  /** In milliseconds. */
  get parse(): number {
    return spread(this.#parse).median;
  }

  #rounds(entry: string): readonly (Round | undefined)[] {
    return this.#byEntry.get(entry) ?? [];
  }

  #value(round: Round, measure: Measure): number {
    if (measure in ADDED) {
      const of = ADDED[measure as keyof typeof ADDED];
      return Math.max(0, round[of] - this.#direct[of]);
    }
    return round[measure as Exclude<Measure, keyof typeof ADDED>];
  }
}

/** CPU time for one answer over all rounds: the system's ticks are too coarse for a round of few answers. */
function cpuOf(rounds: readonly Round[]): number {
  const answers = rounds.reduce((sum, round) => sum + round.answers, 0);
  return rounds.reduce((sum, round) => sum + round.cpu * round.answers, 0) / answers;
}

/** All are NaN where there was no such case. */
export function figuresOf(
  results: Results,
  wanted: Partial<Pick<Case, 'group' | 'clients' | 'script'>>,
): Figures {
  const found = results.cases.find(({ case: one }) =>
    Object.entries(wanted).every(([key, value]) => one[key as keyof Case] === value),
  );
  return new Figures(found?.rounds ?? new Map(), found?.parse ?? []);
}

/** Highest resident memory at the end of a round in those cases, in bytes; NaN where there was none. */
export function highestResident(results: Results, entry: string, groups: readonly string[]): number {
  const values = results.cases
    .filter(({ case: one }) => groups.includes(one.group))
    .flatMap(({ rounds }) => (rounds.get(entry) ?? []).flatMap((round) => (round ? [round.resident] : [])));
  return values.length === 0 ? Number.NaN : Math.max(...values);
}
