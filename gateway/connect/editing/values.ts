/** What settings hold, and where in them: the same for every format. */
import { isDeepStrictEqual } from 'node:util';

export type Value = string | number | boolean | null | Value[] | { [name: string]: Value };

/** A member by its name, or the element of a list that has these members. */
export type Segment = string | { where: Readonly<Record<string, string>> };
export type Path = readonly Segment[];

/** A value of ours at its place. */
export interface Entry {
  path: Path;
  value: Value;
  /** Only where there is nothing yet: what the tool wants to have, and nothing of ours. */
  ifMissing?: boolean;
  /** Of the table that this is a member of, where a format writes one member by member: they stay or go together. */
  table?: Path;
}

export function isTable(value: unknown): value is Record<string, Value> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @returns undefined where there is nothing */
export function valueAt(root: unknown, path: Path): unknown {
  let at: unknown = root;
  for (const segment of path) {
    if (typeof segment === 'string') at = isTable(at) && Object.hasOwn(at, segment) ? at[segment] : undefined;
    else at = Array.isArray(at) ? at[indexWhere(at, segment.where)] : undefined;
  }
  return at;
}

/** @returns -1 where none fits */
export function indexWhere(list: readonly unknown[], where: Readonly<Record<string, string>>): number {
  return list.findIndex(
    (item) => isTable(item) && Object.entries(where).every(([name, value]) => item[name] === value),
  );
}

/** Keys in whatever order. */
export function isSame(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(one, other);
}

/** A copy of `root` with all elements of lists that stand on the path, and all members, left as they are but one. */
export function withValue(root: unknown, path: Path, value: Value | undefined): unknown {
  const [segment, ...rest] = path;
  if (segment === undefined) return value;
  if (typeof segment !== 'string')
    return listWith(Array.isArray(root) ? root : [], segment.where, rest, value);
  const table = isTable(root) ? root : {};
  const inner = withValue(Object.hasOwn(table, segment) ? table[segment] : undefined, rest, value);
  const others = Object.entries(table).filter(([name]) => name !== segment);
  return Object.fromEntries(inner === undefined ? others : [...others, [segment, inner]]);
}

function listWith(
  list: readonly unknown[],
  where: Readonly<Record<string, string>>,
  rest: Path,
  value: Value | undefined,
): unknown[] {
  const at = indexWhere(list, where);
  const inner = withValue(at < 0 ? undefined : list[at], rest, value);
  if (at < 0) return inner === undefined ? [...list] : [...list, inner];
  return inner === undefined ? list.toSpliced(at, 1) : list.with(at, inner);
}
