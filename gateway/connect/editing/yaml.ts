/**
 * YAML, by the places that the parser gives: the library's own writer would set other lines anew. What is new goes to the
 * front of its mapping or list, so that nothing after it changes.
 */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseAllDocuments,
  stringify,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import {
  BrokenSettings,
  blanksAt,
  lineAt,
  lineEnd,
  lineEndOf,
  lineStart,
  type SettingsFormat,
  spliced,
} from './settings-format.ts';
import { indexWhere, isSame, isTable, type Path, type Segment, type Value } from './values.ts';

const INDENT = 2;

export const yaml: SettingsFormat = {
  read(text) {
    const contents = documentOf(text)?.toJS({ maxAliasCount: 100 });
    return contents ?? undefined;
  },
  set(text, path, value) {
    const root = documentOf(text)?.contents;
    if (!root || isEmpty(root)) return below(text, nested(path, value));
    return setBelow(text, root, path, value);
  },
  remove(text, path) {
    const root = documentOf(text)?.contents;
    return root ? removeBelow(text, root, path) : text;
  },
  // Each goes to the front.
  order: (entries) => entries.toReversed(),
};

/** @throws BrokenSettings */
function documentOf(text: string): Document.Parsed | undefined {
  const documents = parseAllDocuments(text, { prettyErrors: true, logLevel: 'silent' });
  if (!Array.isArray(documents) || documents.length === 0) return undefined;
  const [document, second] = documents;
  if (second !== undefined) throw new BrokenSettings('holds several YAML documents');
  const [error] = document?.errors ?? [];
  if (error !== undefined) {
    const [what = ''] = error.message.split(/ at line |:\n/);
    throw new BrokenSettings(`is no valid YAML (${what})`, error.linePos?.[0].line ?? null);
  }
  return document as Document.Parsed;
}

/** A text of blanks and comments alone gets the value below them. */
function below(text: string, value: Value): string {
  const eol = lineEndOf(text);
  const before = text === '' || text.endsWith('\n') ? text : `${text}${eol}`;
  return `${before}${blockLines(value).join(eol)}${eol}`;
}

function setBelow(text: string, node: Node, path: Path, value: Value): string {
  const [segment, ...rest] = path;
  if (segment === undefined) return replaced(text, node, value);
  const { pair, child } = childOf(node, segment);
  if (child && !(isEmpty(child) && (rest.length > 0 || !isPlainValue(value)))) {
    if (rest.length === 0 && !isScalar(child)) {
      if (isSame(child.toJSON(), value)) return text;
      const without = removeBelow(text, node, [segment]);
      return yaml.set(without, pathOf(text, node, path), value);
    }
    return setBelow(text, child, rest, value);
  }
  const wanted = nested(rest, value);
  if (child && pair) return underKey(text, pair, child, wanted);
  if (typeof segment === 'string' && isMap(node)) return firstInMap(text, node, segment, wanted);
  if (typeof segment !== 'string' && isSeq(node)) return firstInList(text, node, wanted);
  const belongs = typeof segment === 'string' ? `a mapping with “${segment}”` : 'a list';
  throw new BrokenSettings(`has something else where ${belongs} belongs`, lineAt(text, startOf(node)));
}

/** Whole path to a node's member. */
function pathOf(text: string, node: Node, path: Path): Path {
  const found = pathTo(documentOf(text)?.contents ?? null, node, []);
  return [...(found ?? []), ...path];
}

function pathTo(at: Node | null, wanted: Node, path: Segment[]): Segment[] | undefined {
  if (at === null) return undefined;
  if (startOf(at) === startOf(wanted) && at.constructor === wanted.constructor) return path;
  if (!isMap(at)) return undefined;
  for (const { key, value } of at.items as Pair<Node, Node | null>[]) {
    const found = pathTo(value, wanted, [...path, String((key as { value?: unknown }).value)]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function childOf(node: Node, segment: Segment): { pair?: Pair<Node, Node>; child?: Node } {
  if (isAlias(node)) throw new BrokenSettings('refers to another place where a value is to be set');
  if (typeof segment === 'string') {
    const pair = isMap(node)
      ? (pairsOf(node).find(({ key }) => isScalar(key) && key.value === segment) ?? null)
      : null;
    return pair === null ? {} : { pair, child: pair.value as Node };
  }
  if (!isSeq(node)) return {};
  const at = indexWhere(node.toJSON(), segment.where);
  return at < 0 ? {} : { child: node.items[at] as Node };
}

function pairsOf(node: YAMLMap): Pair<Node, Node>[] {
  return node.items as Pair<Node, Node>[];
}

function isEmpty(node: Node): boolean {
  return isScalar(node) && node.value === null && node.source === '';
}

function isPlainValue(value: Value): boolean {
  return typeof value !== 'object' || value === null;
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

function endOf(node: Node): number {
  return node.range?.[1] ?? 0;
}

function replaced(text: string, node: Node, value: Value): string {
  if (isAlias(node)) throw new BrokenSettings('refers to another place where a value is to be set');
  if (isSame(node.toJSON(), value)) return text;
  const [start, end] = [startOf(node), endOf(node)];
  const space = start === end && text[start - 1] === ':' ? ' ' : '';
  const tail = end > start && text[end - 1] === '\n' ? lineEndOf(text) : '';
  return spliced(text, start, end, `${space}${JSON.stringify(value)}${tail}`);
}

/** `models:` with nothing after it. */
function underKey(text: string, { key }: Pair<Node, Node>, child: Node, value: Value): string {
  const eol = lineEndOf(text);
  const at = lineEnd(text, startOf(child));
  const indent = ' '.repeat(columnOf(text, startOf(key)) + INDENT);
  const lines = blockLines(value).map((line) => `${indent}${line}${eol}`);
  return spliced(text, at, at, `${at > 0 && text[at - 1] !== '\n' ? eol : ''}${lines.join('')}`);
}

function firstInMap(text: string, map: YAMLMap, name: string, value: Value): string {
  const [first] = pairsOf(map);
  if (map.flow) return firstInFlow(text, map, `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  if (first === undefined) throw new BrokenSettings('holds a mapping of no form', lineAt(text, startOf(map)));
  return firstInBlock(text, startOf(first.key), blockLines({ [name]: value }));
}

function firstInList(text: string, list: YAMLSeq, value: Value): string {
  if (list.flow) return firstInFlow(text, list, JSON.stringify(value));
  return firstInBlock(text, startOf(list), blockLines([value]));
}

function firstInFlow(text: string, node: YAMLMap | YAMLSeq, shown: string): string {
  const at = startOf(node) + 1;
  return spliced(text, at, at, node.items.length === 0 ? shown : `${shown}, `);
}

/** Above the comments that belong to what was first. @param at its first character */
function firstInBlock(text: string, at: number, lines: readonly string[]): string {
  const eol = lineEndOf(text);
  const indent = ' '.repeat(columnOf(text, at));
  let place = lineStart(text, at);
  if (text.slice(place, at).trim() !== '')
    return spliced(text, at, at, lines.map((line) => `${line}${eol}${indent}`).join(''));
  for (
    let above = lineStart(text, place - 1);
    place > 0 && text[above + blanksAt(text, above).length] === '#';
  ) {
    place = above;
    above = place === 0 ? 0 : lineStart(text, place - 1);
  }
  return spliced(text, place, place, lines.map((line) => `${indent}${line}${eol}`).join(''));
}

function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

function removeBelow(text: string, node: Node, path: Path): string {
  const [segment, ...rest] = path;
  if (segment === undefined) return text;
  const { pair, child } = childOf(node, segment);
  if (child === undefined) return text;
  if (rest.length > 0) return removeBelow(text, child, rest);
  const collection = node as YAMLMap | YAMLSeq;
  const item = pair?.key ?? child;
  if (collection.flow) return withoutFlowItem(text, collection, item, child);
  return withoutBlock(text, pair === undefined ? dashBefore(text, startOf(child)) : startOf(item), child);
}

function dashBefore(text: string, at: number): number {
  return text.lastIndexOf('-', at - 1);
}

function withoutBlock(text: string, start: number, child: Node): string {
  const from = lineStart(text, start);
  if (text.slice(from, start).trim() !== '')
    throw new BrokenSettings('holds our value in a line with another', lineAt(text, start));
  const end = endOf(child);
  return spliced(text, from, end > start && text[end - 1] === '\n' ? end : lineEnd(text, end), '');
}

function withoutFlowItem(text: string, { items }: YAMLMap | YAMLSeq, item: Node, child: Node): string {
  const starts = items.map((one) => ('key' in (one as object) ? (one as Pair<Node>).key : one) as Node);
  const at = starts.findIndex((one) => startOf(one) === startOf(item));
  const next = starts[at + 1];
  if (next !== undefined) return spliced(text, startOf(item), startOf(next), '');
  const before = items[at - 1];
  const last = before && ('key' in (before as object) ? (before as Pair<Node, Node>).value : before);
  return spliced(text, last ? endOf(last as Node) : startOf(item), endOf(child), '');
}

/** What leads to a value that is not there yet. */
function nested(path: Path, value: Value): Value {
  return path.reduceRight<Value>(
    (inner, segment) => (typeof segment === 'string' ? { [segment]: inner } : [inner]),
    value,
  );
}

function blockLines(value: Value): string[] {
  const simple = isTable(value) && Object.keys(value).length === 0;
  const text = stringify(value, {
    indent: INDENT,
    lineWidth: 0,
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'PLAIN',
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  });
  return simple ? ['{}'] : text.trimEnd().split('\n');
}
