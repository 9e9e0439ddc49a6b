/** Where a member of a JSON object stands in its bytes. */
interface MemberRange {
  key: string;
  /** First byte of the key's quotes, and one past its last. */
  keyStart: number;
  keyEnd: number;
  /** First byte of the value. */
  start: number;
  /** One past its last byte. */
  end: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/**
 * Finds the members of the outermost object without building any value, so that a body can be forwarded with
 * one member changed and every other byte as it came.
 * @param json valid JSON whose outermost value is an object: check with JSON.parse first
 */
export function topLevelMembers(json: Buffer): MemberRange[] {
  const members: MemberRange[] = [];
  let at = skipSpace(json, json.indexOf(OPEN_BRACE) + 1);
  while (json[at] === QUOTE) {
    const keyEnd = stringEnd(json, at);
    const key = JSON.parse(json.toString('utf8', at, keyEnd)) as string;
    const start = skipSpace(json, json.indexOf(COLON, keyEnd) + 1);
    const end = valueEnd(json, start);
    members.push({ key, keyStart: at, keyEnd, start, end });
    at = skipSpace(json, end);
    if (json[at] === COMMA) at = skipSpace(json, at + 1);
  }
  return members;
}

/**
 * Finds the items of an array, as `topLevelMembers` finds members.
 * @param json valid JSON whose outermost value is an array
 */
export function topLevelItems(json: Buffer): Pick<MemberRange, 'start' | 'end'>[] {
  const items: Pick<MemberRange, 'start' | 'end'>[] = [];
  let start = skipSpace(json, json.indexOf(OPEN_BRACKET) + 1);
  while (start < json.length && json[start] !== CLOSE_BRACKET) {
    const end = valueEnd(json, start);
    items.push({ start, end });
    start = skipSpace(json, end);
    if (json[start] === COMMA) start = skipSpace(json, start + 1);
  }
  return items;
}

/** Gives a member of the outermost object another name; its value and all other bytes stay. */
export function renamedMember(json: Buffer, from: string, to: string): Buffer {
  const found = topLevelMembers(json).filter(({ key }) => key === from);
  const pieces: Buffer[] = [];
  let copied = 0;
  for (const { keyStart, keyEnd } of found) {
    pieces.push(json.subarray(copied, keyStart), Buffer.from(JSON.stringify(to)));
    copied = keyEnd;
  }
  return Buffer.concat([...pieces, json.subarray(copied)]);
}

/** Sets members of the outermost object to the given JSON texts; a member that is not there is added. */
export function withMembers(json: Buffer, values: Readonly<Record<string, string>>): Buffer {
  const parts: Buffer[] = [];
  const wanted = new Map(Object.entries(values));
  const missing = new Map(wanted);
  let copied = 0;
  const members = topLevelMembers(json);
  for (const { key, start, end } of members) {
    const value = wanted.get(key);
    if (value === undefined) continue;
    parts.push(json.subarray(copied, start), Buffer.from(value));
    copied = end;
    missing.delete(key);
  }
  if (missing.size > 0) {
    const closing = json.lastIndexOf(CLOSE_BRACE);
    const added = [...missing].map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',');
    parts.push(json.subarray(copied, closing), Buffer.from((members.length > 0 ? ',' : '') + added));
    copied = closing;
  }
  parts.push(json.subarray(copied));
  return Buffer.concat(parts);
}

function skipSpace(json: Buffer, from: number): number {
  let at = from;
  while (json[at] === 0x20 || json[at] === 0x0a || json[at] === 0x0d || json[at] === 0x09) at++;
  return at;
}

/** @returns one past the closing quote of the string that opens at `from` */
export function stringEnd(json: Buffer, from: number): number {
  let quote = json.indexOf(QUOTE, from + 1);
  while (quote !== -1) {
    let slashes = 0;
    while (json[quote - 1 - slashes] === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return quote + 1;
    quote = json.indexOf(QUOTE, quote + 1);
  }
  return json.length;
}

function valueEnd(json: Buffer, start: number): number {
  const first = json[start];
  if (first === QUOTE) return stringEnd(json, start);
  let at = start;
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) {
    while (at < json.length && !endsScalar(json[at] as number)) at++;
    return at;
  }
  let depth = 0;
  while (at < json.length) {
    const byte = json[at];
    if (byte === QUOTE) {
      at = stringEnd(json, at);
      continue;
    }
    at++;
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth--;
      if (depth === 0) return at;
    }
  }
  return at;
}

function endsScalar(byte: number): boolean {
  return byte === COMMA || byte === CLOSE_BRACE || byte <= 0x20;
}
