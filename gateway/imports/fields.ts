/** Looks into what a parser gave, which may be anything. */

export type Table = Readonly<Record<string, unknown>>;

export function tableOf(value: unknown): Table {
  return isTable(value) ? value : {};
}

export function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member that a table has itself. */
export function memberOf(table: Table, name: string): unknown {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

export function tableIn(table: Table, name: string): Table {
  return tableOf(memberOf(table, name));
}

export function listIn(table: Table, name: string): readonly unknown[] {
  const value = memberOf(table, name);
  return Array.isArray(value) ? value : [];
}

/** A text without the blanks around it; undefined where there is none, or an empty one. */
export function textIn(table: Table, name: string): string | undefined {
  const value = memberOf(table, name);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** The members that are texts. */
export function textsOf(table: Table): Record<string, string> {
  return Object.fromEntries(
    Object.entries(table).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
