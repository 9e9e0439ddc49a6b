import { parseArgs } from 'node:util';
import { SIDE_NAMES, type SideName } from './sides/side.ts';

export interface Options {
  sides: readonly SideName[];
  /** Rounds of a case, each of `ms` milliseconds. */
  rounds: number;
  ms: number;
  /** Of the table of translated paths. */
  translatedRounds: number;
  /** How often each side is started. */
  starts: number;
  /** How long it is left alone before its idle memory is read, in milliseconds. */
  idleMs: number;
  /** Whether the tables go into docs/performance.md. */
  write: boolean;
}

const FULL = { rounds: 9, ms: 1_000, translatedRounds: 5, starts: 7, idleMs: 5_000 };
const QUICK = { rounds: 2, ms: 350, translatedRounds: 1, starts: 2, idleMs: 1_500 };

export const USAGE = `npm run bench -- [options]

  --quick         two minutes instead of fifteen: shorter and fewer rounds, not written down
  --sides LIST    of ${SIDE_NAMES.join(', ')}; the bare proxy always runs. Not written down
  --rounds N      rounds of each case
  --ms N          length of a round in milliseconds
  --no-write      leaves docs/performance.md as it is

docs/performance.md says what is measured and how to read it.`;

/** @throws Error with a sentence for whoever typed them */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    allowNegative: true,
    options: {
      quick: { type: 'boolean', default: false },
      sides: { type: 'string' },
      rounds: { type: 'string' },
      ms: { type: 'string' },
      write: { type: 'boolean', default: true },
    },
  });
  const size = values.quick ? QUICK : FULL;
  return {
    ...size,
    sides: sidesOf(values.sides),
    rounds: values.rounds === undefined ? size.rounds : whole('--rounds', values.rounds),
    ms: values.ms === undefined ? size.ms : whole('--ms', values.ms),
    write: values.write && !values.quick && values.sides === undefined,
  };
}

function sidesOf(list: string | undefined): readonly SideName[] {
  if (list === undefined) return SIDE_NAMES;
  const asked = list.split(',').map((name) => name.trim());
  const unknown = asked.filter((name) => !SIDE_NAMES.some((known) => known === name));
  if (unknown.length > 0)
    throw new Error(`There is no side "${unknown[0]}"; there are ${SIDE_NAMES.join(', ')}.`);
  return SIDE_NAMES.filter((name) => name === 'bare' || asked.includes(name));
}

function whole(option: string, text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new Error(`${option} takes a whole number, not "${text}".`);
  return Number(text);
}
