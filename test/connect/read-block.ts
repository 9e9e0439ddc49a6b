/** Readers for what the recipes write: strict, so that a text which only looks right does not pass. */
import type { Block } from '../../gateway/connect/recipe.ts';

type Table = Record<string, unknown>;

/** @returns the values of a file; undefined for what is no file */
export async function readFile({ language, text }: Block): Promise<unknown> {
  if (language === 'json') return JSON.parse(text);
  if (language === 'toml') return agreed(readToml(text), await parser('smol-toml'), text);
  if (language === 'yaml') return agreed(readYaml(text), await parser('yaml'), text);
  return undefined;
}

/** They come along with other packages, or do not. */
async function parser(name: string): Promise<((text: string) => unknown) | undefined> {
  const found = await import(name).catch(() => undefined);
  return found?.parse;
}

function agreed(own: unknown, parse: ((text: string) => unknown) | undefined, text: string): unknown {
  const parsed = parse === undefined ? own : parse(text);
  const plain = (value: unknown) => JSON.stringify(value);
  if (plain(parsed) !== plain(own)) throw new Error(`read differently:\n${plain(parsed)}\n${plain(own)}`);
  return own;
}

/** Headers, keys without quotes, and values that are JSON's too. */
function readToml(text: string): Table {
  const root: Table = {};
  let table = root;
  for (const line of text.split('\n').filter((line) => line !== '')) {
    const header = /^\[([\w.]+)\]$/.exec(line)?.[1];
    if (header !== undefined) {
      table = header.split('.').reduce<Table>((at, key) => {
        at[key] ??= {};
        return at[key] as Table;
      }, root);
      continue;
    }
    const [, key, value] = /^(\w+) = (.+)$/.exec(line) ?? fail(line);
    table[key as string] = JSON.parse(value as string);
  }
  return root;
}

/** Mappings, one list of mappings, and values in quotes, as plain words, as numbers, or as a list of plain words. */
function readYaml(text: string): Table {
  const root: Table = {};
  let list: Table[] = [];
  let at = root;
  let depth = 0;
  for (const line of text.split('\n')) {
    const [, space = '', dash, key = '', value] = /^( *)(- )?([\w-]+):(?: (.+))?$/.exec(line) ?? fail(line);
    const indent = space.length + (dash?.length ?? 0);
    if (dash !== undefined) list.push({});
    if (dash !== undefined || indent < depth) at = indent === 0 ? root : (list.at(-1) as Table);
    depth = indent;
    if (value !== undefined) {
      at[key] = yamlValue(value);
    } else if (indent === 0) {
      list = [];
      at[key] = list;
    } else {
      const inner: Table = {};
      at[key] = inner;
      at = inner;
      depth += 2;
    }
  }
  return root;
}

function yamlValue(text: string): unknown {
  if (/^".*"$|^\d+$/.test(text)) return JSON.parse(text);
  const items = /^\[([\w, ]+)\]$/.exec(text)?.[1];
  if (items !== undefined) return items.split(', ');
  return /^[A-Za-z][\w. ]*$|^\d+\.\d+\.\d+$/.test(text) ? text : fail(text);
}

function fail(text: string): never {
  throw new Error(`not understood: ${text}`);
}
