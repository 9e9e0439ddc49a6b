/** Damage done to a body: fields taken out, values of wrong types and sizes, names that nobody knows. */
import fc from 'fast-check';

export interface Mutation {
  /** Which value of the body, counted in the order of a walk and taken modulo their number. */
  at: number;
  what: 'remove' | 'replace' | 'repeat' | 'rename';
  junk: unknown;
}

/** Stands for a value that is nested too deep to be printed. */
const DEEP = 'a value nested deep';
const DEPTH = 200;

function nested(): unknown {
  let value: unknown = 'deep';
  for (let level = 0; level < DEPTH; level += 1) value = level % 2 === 0 ? [value] : { x: value };
  return value;
}

const anyJunk = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, -1, 1e308, -1e308, 5e-324, 2 ** 53, 0.1),
  fc.constantFrom<unknown>(
    '',
    ' ',
    'x',
    '\ud800',
    '\udc00\ud800',
    'ntl_replay.',
    'data:image/png;base64,',
    '__proto__',
    'x'.repeat(70_000),
  ),
  fc.constantFrom<unknown>(
    [],
    {},
    [[]],
    [null],
    [0],
    [''],
    [{}],
    { type: null },
    { type: 'hologram' },
    { role: 'moon' },
    { text: 5 },
    { source: {} },
    { function: {} },
  ),
  fc.constant(DEEP),
  fc.jsonValue({ maxDepth: 3 }),
);

export const anyMutations: fc.Arbitrary<Mutation[]> = fc.array(
  fc.record({
    at: fc.nat(),
    what: fc.constantFrom('remove', 'replace', 'repeat', 'rename'),
    junk: anyJunk,
  }),
  { minLength: 1, maxLength: 4 },
);

interface Place {
  holder: Record<string, unknown> | unknown[];
  key: string | number;
}

/** @returns a damaged copy; its `model` stays, so that the request gets to the codecs */
export function mutated(body: object, mutations: readonly Mutation[]): Record<string, unknown> {
  const copy = structuredClone(body) as Record<string, unknown>;
  const { model } = copy;
  for (const { at, what, junk } of mutations) {
    const places = placesIn(copy);
    const place = places[at % Math.max(1, places.length)];
    if (place !== undefined) damage(place, what, junk === DEEP ? nested() : structuredClone(junk));
  }
  copy.model = model;
  return copy;
}

function placesIn(value: unknown, depth = 0): Place[] {
  // What is damaged already is deep enough.
  if (typeof value !== 'object' || value === null || depth > 12) return [];
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  const holder = value as Place['holder'];
  return keys.flatMap((key) => [
    { holder, key },
    ...placesIn((value as Record<string, unknown>)[key], depth + 1),
  ]);
}

function damage({ holder, key }: Place, what: Mutation['what'], junk: unknown): void {
  if (Array.isArray(holder)) {
    const index = Number(key);
    if (what === 'remove') holder.splice(index, 1);
    else if (what === 'repeat') holder.splice(index, 0, structuredClone(holder[index]));
    else holder[index] = junk;
    return;
  }
  if (what === 'replace') holder[key] = junk;
  else if (what === 'rename') holder[`${key}_`] = holder[key];
  if (what === 'remove' || what === 'rename') delete holder[key];
}
