/** What is measured: each case is one load, put to each side in turn. */
import type { Call, Protocol, Script } from './calls.ts';
import type { Side, SideName } from './sides/side.ts';

/** One who is asked in a case. */
export interface Entry {
  /** The side's name, `direct` for the provider itself; in a translated case with the call behind it. */
  id: string;
  /** Null is the provider itself. */
  side: Side | null;
  call: Call;
  /** Takes part in every other round alone: it is there for comparison, not to be judged. */
  seldom: boolean;
}

export interface Case {
  /** Cases of one group share a table. */
  group: Group;
  script: Script;
  /** Length of the request's body. */
  bytes: number;
  clients: number;
  entries: readonly Entry[];
}

/** In the order in which they are measured: large bodies last, since memory remembers them. */
export const GROUPS = [
  { id: 'json', title: 'JSON, bodies of 1 KB', script: 'json', bytes: 1_024 },
  { id: 'fast', title: 'Fast streams, bodies of 1 KB', script: 'fast', bytes: 1_024 },
  { id: 'paced', title: 'Paced streams, bodies of 1 KB', script: 'paced', bytes: 1_024 },
  { id: 'json-100k', title: 'JSON, bodies of 100 KB', script: 'json', bytes: 102_400 },
  { id: 'json-1m', title: 'JSON, bodies of 1 MiB', script: 'json', bytes: 1_048_576 },
] as const satisfies { id: string; title: string; script: Script; bytes: number }[];
export type Group = (typeof GROUPS)[number]['id'] | 'translated';

const CLIENTS = [1, 16, 64] as const;
const JUDGED: readonly SideName[] = ['bare', 'ntl'];

/** Chat Completions through every side; claude-code-router takes what comes nearest. */
export function passingCases(sides: readonly Side[]): Case[] {
  return GROUPS.flatMap(({ id, script, bytes }) => {
    const call: Call = { script, protocol: 'chat', provider: 'chat' };
    const entries = [direct(call), ...sides.map((side) => entry(side.name, side, call))];
    return CLIENTS.map((clients) => ({ group: id, script, bytes, clients, entries }));
  });
}

/** What translating adds to passing through: each pair of protocols, through each side that has it. */
export function translatedCases(sides: readonly Side[]): Case[] {
  const loads = [
    { script: 'json', clients: 1 },
    { script: 'json', clients: 16 },
    { script: 'fast', clients: 16 },
  ] as const;
  return loads.map(({ script, clients }) => {
    const entries: Entry[] = [direct({ script, protocol: 'chat', provider: 'chat' })];
    for (const [protocol, provider] of PATHS) {
      const call: Call = { script, protocol, provider };
      for (const side of sides) {
        const translates = protocol !== provider && side.address(call) !== null;
        if (side.name === 'ntl' || translates) entries.push(entry(translatedId(side.name, call), side, call));
      }
    }
    return { group: 'translated', script, bytes: 1_024, clients, entries };
  });
}

export const PATHS = [
  ['chat', 'chat'],
  ['chat', 'messages'],
  ['messages', 'messages'],
  ['messages', 'chat'],
] as const satisfies [client: Protocol, provider: Protocol][];

export function translatedId(side: SideName, { protocol, provider }: Omit<Call, 'script'>): string {
  return `${side} ${protocol} ${provider}`;
}

function direct(call: Call): Entry {
  return { id: 'direct', side: null, call, seldom: false };
}

function entry(id: string, side: Side, call: Call): Entry {
  return { id, side, call, seldom: !JUDGED.includes(side.name) };
}
