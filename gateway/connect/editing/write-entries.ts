/** Puts values of ours into a text of settings and takes them out again, proved by reading the result. */
import { BrokenSettings, type SettingsFormat } from './settings-format.ts';
import { type Entry, isSame, isTable, type Path, type Value, valueAt, withValue } from './values.ts';

/** What was written at one place, so that it can be taken back. */
export interface Written {
  path: Path;
  value: Value;
  /** What was there; undefined for nothing. */
  before?: Value | undefined;
  /** How many segments of the path were there already. */
  depth: number;
  /** As in `Entry`. */
  table?: Path;
}

export interface WrittenText {
  text: string;
  written: Written[];
}

/** @throws BrokenSettings where the text cannot be read, or the result would not mean what it should */
export function writeEntries(format: SettingsFormat, text: string, entries: readonly Entry[]): WrittenText {
  const begun = format.read(text);
  if (begun !== undefined && !isTable(begun) && !Array.isArray(begun))
    throw new BrokenSettings('holds no settings, but a single value', 1);
  const wanted = entries.filter(({ path, ifMissing }) => !ifMissing || valueAt(begun, path) === undefined);
  const ordered = format.order(wanted);
  const written = ordered.map(({ path, value, table }) => ({
    ...{ path, value, ...(table === undefined ? {} : { table }) },
    before: valueAt(begun, path) as Value | undefined,
    depth: depthOf(begun, path),
  }));
  let now = text;
  for (const { path, value } of ordered) now = proven(format, now, path, value, format.set(now, path, value));
  return { text: now, written };
}

function depthOf(root: unknown, path: Path): number {
  const missing = path.findIndex((_, at) => valueAt(root, path.slice(0, at + 1)) === undefined);
  return missing < 0 ? path.length : missing;
}

/** The value stands at its place, and everything else is as it was. */
function proven(
  format: SettingsFormat,
  before: string,
  path: Path,
  value: Value | undefined,
  after: string,
): string {
  const [was, is] = [format.read(before), format.read(after)];
  const right = isSame(valueAt(is, path), value);
  const [others, othersNow] = [was, is].map((root) => withValue(root, path, undefined));
  if (right && isSame(bare(others), bare(othersNow))) return after;
  const place = path.filter((segment) => typeof segment === 'string').join('.');
  throw new BrokenSettings(`is written in a way in which ${place} cannot be changed safely`);
}

/** Tables and lists without anything in them, which come and go with what they held. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (!isTable(value)) return value;
  const members = Object.entries(value).map(([name, inner]) => [name, bare(inner)] as const);
  return Object.fromEntries(members.filter(([, inner]) => !isHollow(inner)));
}

function isHollow(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

export interface Retracted {
  text: string;
  /** Values that somebody has changed since, and that stay. */
  kept: Path[];
}

/**
 * Takes values of ours out of a text that changed since, or puts back what was there. Of a table of ours all goes, with
 * what a tool has written into it, or all stays: half of it would be one that the tool cannot read.
 * @param isOurs whether what stands there now is still what was written
 * @throws BrokenSettings where the text cannot be read
 */
export function retractEntries(
  format: SettingsFormat,
  text: string,
  written: readonly Written[],
  isOurs: (written: Value, current: unknown) => boolean = isSame,
): Retracted {
  const begun = format.read(text);
  let now = text;
  const kept: Path[] = [];
  for (const whole of wholesOf(written)) {
    const current = valueAt(begun, whole.path);
    if (current === undefined) continue;
    if (isOurs(whole.value, current)) now = retracted(format, now, whole);
    else kept.push(...whole.parts.filter(isChanged).map(({ path }) => path));
  }
  return { text: now, kept };

  function isChanged({ path, value }: Written): boolean {
    const current = valueAt(begun, path);
    return current !== undefined && !isOurs(value, current);
  }
}

/** What stays or goes together. */
interface Whole {
  path: Path;
  value: Value;
  parts: Written[];
}

/** What was written last comes first. */
function wholesOf(written: readonly Written[]): Whole[] {
  const wholes: Whole[] = [];
  for (const one of written.toReversed()) {
    const { path, value, table } = one;
    const known = table && wholes.find((whole) => isSame(whole.path, table));
    if (known === undefined)
      wholes.push({ path: table ?? path, value: table === undefined ? value : {}, parts: [one] });
    else known.parts.push(one);
  }
  return wholes.map((whole) => ({ ...whole, value: whole.parts.reduce(withPart, whole.value) }));
}

function withPart(whole: Value, { path, value, table }: Written): Value {
  return table === undefined ? whole : (withValue(whole, path.slice(table.length), value) as Value);
}

function retracted(format: SettingsFormat, text: string, { path, parts }: Whole): string {
  let now = text;
  for (const { path: at, before, depth } of parts) {
    if (valueAt(format.read(now), at) === undefined) continue;
    if (before === undefined) now = without(format, now, at, depth);
    else now = proven(format, now, at, before, format.set(now, at, before));
  }
  const made = parts.find(({ table, depth }) => table !== undefined && depth < table.length);
  return made === undefined ? now : withoutAdded(format, now, path, made.depth);
}

/** What came into a table that we made. */
function withoutAdded(format: SettingsFormat, text: string, table: Path, depth: number): string {
  const left = valueAt(format.read(text), table);
  const added = left === undefined ? [] : format.order([{ path: table, value: left as Value }]);
  return added.reduce((now, { path }) => without(format, now, path, depth), text);
}

function without(format: SettingsFormat, text: string, path: Path, depth: number): string {
  return withoutHollow(format, proven(format, text, path, undefined, format.remove(text, path)), path, depth);
}

/** Without the tables and lists around a value that we made and that hold nothing any more. */
function withoutHollow(format: SettingsFormat, text: string, path: Path, depth: number): string {
  let now = text;
  for (let length = path.length - 1; length > depth; length -= 1) {
    const around = path.slice(0, length);
    if (!isHollow(valueAt(format.read(now), around))) break;
    now = proven(format, now, around, undefined, format.remove(now, around));
  }
  return now;
}
