/**
 * JSON with comments and trailing commas, as VS Code and others read it. What is new goes to the front of its object
 * or list, so that no other line changes, not even by a comma.
 */
import {
  createScanner,
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
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
import { indexWhere, isSame, type Path, type Segment, type Value } from './values.ts';

/** Of the parser's `SyntaxKind`, which TypeScript does not let be named where modules are taken as they are. */
const [COMMA, LINE_BREAK, END] = [5, 14, 17];

const READING = { allowTrailingComma: true, disallowComments: false, allowEmptyContent: true };

export const jsonc: SettingsFormat = {
  read(text) {
    const root = treeOf(text);
    return root && plainValue(root);
  },
  set(text, path, value) {
    const root = treeOf(text);
    if (root === undefined) return filledIn(text, path, value);
    return setBelow(text, root, path, value);
  },
  remove(text, path) {
    const root = treeOf(text);
    const node = root && nodeAt(root, path);
    const item = node?.parent?.type === 'property' ? node.parent : node;
    return item?.parent === undefined ? text : withoutItem(text, item.parent, item);
  },
  // Each goes to the front.
  order: (entries) => entries.toReversed(),
};

/**
 * For tools that ignore a whole file for one comment: nothing is put into such a file. What came later may still be
 * taken out of one.
 */
export const plainJson: SettingsFormat = {
  ...jsonc,
  set(text, path, value) {
    const errors: ParseError[] = [];
    parseTree(text, errors, { allowTrailingComma: false, disallowComments: true, allowEmptyContent: true });
    const [first] = errors;
    if (first !== undefined && treeOf(text) !== undefined)
      throw new BrokenSettings(
        'has a comment or a comma too many. The tool takes plain JSON alone and ignores such a file: take it out first',
        lineAt(text, first.offset),
      );
    return jsonc.set(text, path, value);
  },
};

/** @throws BrokenSettings */
function treeOf(text: string): Node | undefined {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, READING);
  const [first] = errors;
  if (first !== undefined) {
    const name = printParseErrorCode(first.error)
      .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
      .toLowerCase();
    throw new BrokenSettings(`is no valid JSON (${name})`, lineAt(text, first.offset));
  }
  return root;
}

/** As JSON.parse gives it: the parser's own objects have no prototype. */
function plainValue(node: Node): unknown {
  return JSON.parse(JSON.stringify(getNodeValue(node)));
}

function nodeAt(root: Node, path: Path): Node | undefined {
  return path.reduce<Node | undefined>((node, segment) => node && childOf(node, segment), root);
}

function childOf(node: Node, segment: Segment): Node | undefined {
  if (typeof segment === 'string')
    return node.type === 'object' ? findNodeAtLocation(node, [segment]) : undefined;
  if (node.type !== 'array') return undefined;
  const at = indexWhere(getNodeValue(node), segment.where);
  return at < 0 ? undefined : node.children?.[at];
}

/** A text of blanks and comments alone gets a value below them. */
function filledIn(text: string, path: Path, value: Value): string {
  const eol = lineEndOf(text);
  const before = text === '' || text.endsWith('\n') ? text : `${text}${eol}`;
  return `${before}${rendered(nested(path, value), '', '  ', eol)}${eol}`;
}

function setBelow(text: string, node: Node, path: Path, value: Value): string {
  const [segment, ...rest] = path;
  if (segment === undefined) return replaced(text, node, value);
  const child = childOf(node, segment);
  if (child !== undefined) return setBelow(text, child, rest, value);
  const fits = typeof segment === 'string' ? node.type === 'object' : node.type === 'array';
  if (!fits) {
    const wanted = typeof segment === 'string' ? `an object with “${segment}”` : 'a list';
    throw new BrokenSettings(`has something else where ${wanted} belongs`, lineAt(text, node.offset));
  }
  const name = typeof segment === 'string' ? segment : null;
  return withFirst(text, node, name, nested(rest, value));
}

function replaced(text: string, node: Node, value: Value): string {
  if (isSame(plainValue(node), value)) return text;
  const indent = blanksAt(text, lineStart(text, node.offset));
  const shown = rendered(value, indent, unitOf(text), lineEndOf(text));
  return spliced(text, node.offset, node.offset + node.length, shown);
}

/** @param name null in a list */
function withFirst(text: string, container: Node, name: string | null, value: Value): string {
  const eol = lineEndOf(text);
  const begin = container.offset + 1;
  const end = container.offset + container.length - 1;
  const label = name === null ? '' : `${JSON.stringify(name)}: `;
  const first = container.children?.[0];
  const below = firstLineBreak(text, begin, first?.offset ?? end);
  const outer = blanksAt(text, lineStart(text, container.offset));
  if (below === undefined && first !== undefined) {
    return spliced(text, first.offset, first.offset, `${label}${JSON.stringify(value)}, `);
  }
  if (below === undefined && text.slice(begin, end).trim() !== '') {
    return spliced(text, begin, begin, ` ${label}${JSON.stringify(value)}`);
  }
  const indent = first === undefined ? outer + unitOf(text) : blanksAt(text, lineStart(text, first.offset));
  const shown = `${indent}${label}${rendered(value, indent, unitOf(text), eol)}`;
  if (below === undefined) return spliced(text, begin, end, `${eol}${shown}${eol}${outer}`);
  return spliced(text, below, below, `${shown}${first === undefined ? '' : ','}${eol}`);
}

/** After the first line break between two offsets that is in no comment. */
function firstLineBreak(text: string, from: number, to: number): number | undefined {
  const scanner = createScanner(text, false);
  scanner.setPosition(from);
  for (let kind = scanner.scan(); scanner.getTokenOffset() < to; kind = scanner.scan()) {
    if (kind === LINE_BREAK) return scanner.getTokenOffset() + scanner.getTokenLength();
    if (kind === END) break;
  }
  return undefined;
}

function withoutItem(text: string, container: Node, item: Node): string {
  const items = container.children ?? [];
  const before = items[items.indexOf(item) - 1];
  const itemEnd = item.offset + item.length;
  const comma = commaAfter(text, itemEnd);
  const without = withoutPiece(text, item.offset, itemEnd, comma);
  if (comma !== undefined || before === undefined) return without;
  // The comma that led to it. What lies before stays where it is.
  const leading = commaAfter(text, before.offset + before.length);
  return leading === undefined ? without : spliced(without, leading, leading + 1, '');
}

function commaAfter(text: string, offset: number): number | undefined {
  const scanner = createScanner(text, true);
  scanner.setPosition(offset);
  return scanner.scan() === COMMA ? scanner.getTokenOffset() : undefined;
}

/** Its line goes too where nothing is left in it. */
function withoutPiece(text: string, start: number, itemEnd: number, comma: number | undefined): string {
  // A comment between the item and its comma stays.
  const short = comma === undefined ? text : spliced(text, comma, comma + 1, '');
  const from = lineStart(short, start);
  const after = itemEnd + blanksAt(short, itemEnd).length;
  const alone = blanksAt(short, from).length === start - from;
  const ends = short[after] === '\n' || short.startsWith('\r\n', after);
  if (alone && ends) return spliced(short, from, lineEnd(short, after), '');
  return spliced(short, start, after, '');
}

/** What leads to a value that is not there yet. */
function nested(path: Path, value: Value): Value {
  return path.reduceRight<Value>(
    (inner, segment) => (typeof segment === 'string' ? { [segment]: inner } : [inner]),
    value,
  );
}

function rendered(value: Value, indent: string, unit: string, eol: string): string {
  return JSON.stringify(value, null, unit).replaceAll('\n', `${eol}${indent}`);
}

/** How far the first line that is set in is set in. */
function unitOf(text: string): string {
  const found = /\n([ \t]+)["{[]/.exec(text)?.[1];
  return found?.startsWith('\t') ? '\t' : ' '.repeat(Math.min(found?.length ?? 2, 8));
}
