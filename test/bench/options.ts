import { parseArgs } from 'node:util';
import { GROUPS, type Group } from './cases.ts';
import { SIDE_NAMES, type SideName } from './sides/side.ts';

const LOADS: readonly Group[] = [...GROUPS.map(({ id }) => id), 'translated'];

export interface Options {
  sides: readonly SideName[];
  loads: readonly Group[];
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
  --loads LIST    of ${LOADS.join(', ')}. Not written down
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
      loads: { type: 'string' },
      rounds: { type: 'string' },
      ms: { type: 'string' },
      write: { type: 'boolean', default: true },
    },
  });
  const size = values.quick ? QUICK : FULL;
  return {
    ...size,
    sides: chosen('--sides', values.sides, SIDE_NAMES, ['bare']),
    loads: chosen('--loads', values.loads, LOADS, []),
    rounds: values.rounds === undefined ? size.rounds : whole('--rounds', values.rounds),
    ms: values.ms === undefined ? size.ms : whole('--ms', values.ms),
    write: values.write && !values.quick && values.sides === undefined && values.loads === undefined,
  };
}

/** @param always what is there whether or not it was asked for */
function chosen<Name extends string>(
  option: string,
  list: string | undefined,
  known: readonly Name[],
  always: readonly Name[],
): readonly Name[] {
  if (list === undefined) return known;
  const asked = new Set<string>([...always, ...list.split(',').map((name) => name.trim())]);
  const names = known.filter((name) => asked.has(name));
  if (names.length < asked.size)
    throw new Error(`${option} takes names out of ${known.join(', ')}, not "${list}".`);
  return names;
}

function whole(option: string, text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new Error(`${option} takes a whole number, not "${text}".`);
  return Number(text);
}
