/** Makes a value that fits a JSON schema, out of a text: arguments of tool calls and structured answers. */
import { asArray, asObject, isObject, type JsonObject } from './json.ts';
import { cutToBytes } from './tokens.ts';

/** Deeper objects and arrays stay empty: a schema may refer to itself. */
const MAX_DEPTH = 8;
/** A value has no more parts than this; what is left over stays empty. */
const MAX_PARTS = 200;
/** Branches of `allOf` beyond these are not looked at. */
const MAX_BRANCHES = 50;
/** Each string of the value carries at most this much of the text, in bytes. */
const MAX_STRING_BYTES = 8_000;

interface Maker {
  root: unknown;
  text: string;
  partsLeft: number;
}

/**
 * An object that fits `schema`: required properties only; strings hold `text`, numbers are 1 (or the
 * nearest bound), booleans true, `const` and `enum` their first value, arrays one item or `minItems`.
 * Follows `$ref` inside the schema. A schema that describes no object gives {}.
 */
export function makeObject(schema: unknown, text: string): JsonObject {
  const maker: Maker = { root: schema, text: cutToBytes(text, MAX_STRING_BYTES), partsLeft: MAX_PARTS };
  return asObject(make(schema, maker, 0));
}

function make(schema: unknown, maker: Maker, depth: number): unknown {
  const facts = resolve(schema, maker, depth);
  if ('const' in facts) return facts.const;
  if (Array.isArray(facts.enum) && facts.enum.length > 0) return facts.enum[0];

  switch (typeOf(facts)) {
    case 'object':
      return makeProperties(facts, maker, depth);
    case 'array':
      return makeItems(facts, maker, depth);
    case 'number':
    case 'integer':
      return makeNumber(facts);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return maker.text;
  }
}

/** Follows `$ref`, takes the first alternative that is not null, and joins `allOf` into one schema. */
function resolve(schema: unknown, maker: Maker, depth: number): JsonObject {
  maker.partsLeft -= 1;
  const { $ref, anyOf, oneOf, allOf, ...facts } = asObject(schema);
  if (depth >= MAX_DEPTH || maker.partsLeft <= 0) return facts;
  if (typeof $ref === 'string') return resolve(follow($ref, maker.root), maker, depth + 1);
  const options = [...asArray(anyOf), ...asArray(oneOf)];
  const option = options.find((candidate) => asObject(candidate).type !== 'null') ?? options[0];
  const parts = [...(option === undefined ? [] : [option]), ...asArray(allOf).slice(0, MAX_BRANCHES)];
  return merge([facts, ...parts.map((part) => resolve(part, maker, depth + 1))]);
}

function merge(schemas: JsonObject[]): JsonObject {
  const merged: JsonObject = Object.assign({}, ...schemas);
  const properties = schemas.map((schema) => asObject(schema.properties)).filter(hasKeys);
  if (properties.length > 0) merged.properties = Object.assign({}, ...properties);
  const required = schemas.flatMap((schema) => asArray(schema.required));
  if (required.length > 0) merged.required = required;
  return merged;
}

function hasKeys(value: JsonObject): boolean {
  return Object.keys(value).length > 0;
}

/** A JSON pointer into the schema's own document (RFC 6901), such as `#/$defs/node`. */
function follow(reference: string, root: unknown): unknown {
  if (!reference.startsWith('#')) return {};
  let node: unknown = root;
  for (const step of reference.slice(1).split('/').filter(Boolean)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(node)) node = node[Number(key)];
    else if (isObject(node) && Object.hasOwn(node, key)) node = node[key];
    else return {};
  }
  return node;
}

function typeOf(schema: JsonObject): unknown {
  if (Array.isArray(schema.type)) return schema.type.find((type) => type !== 'null') ?? 'null';
  if (schema.type !== undefined) return schema.type;
  if ('properties' in schema) return 'object';
  return 'items' in schema ? 'array' : 'string';
}

function makeProperties(schema: JsonObject, maker: Maker, depth: number): JsonObject {
  if (depth >= MAX_DEPTH) return {};
  const properties = asObject(schema.properties);
  const made = new Map<string, unknown>();
  for (const name of asArray(schema.required)) {
    if (typeof name !== 'string' || made.has(name)) continue;
    if (maker.partsLeft <= 0) break;
    made.set(name, make(Object.hasOwn(properties, name) ? properties[name] : {}, maker, depth + 1));
  }
  return Object.fromEntries(made);
}

function makeItems(schema: JsonObject, maker: Maker, depth: number): unknown[] {
  if (depth >= MAX_DEPTH || schema.maxItems === 0) return [];
  const wanted = Math.max(numberOr(schema.minItems, 1), 1);
  const items: unknown[] = [];
  while (items.length < wanted && maker.partsLeft > 0) items.push(make(schema.items, maker, depth + 1));
  return items;
}

/** 1, or the bound nearest to it. In an open interval narrower than 2, such as 0 < x < 1, its middle. */
function makeNumber(schema: JsonObject): number {
  const low = Math.max(numberOr(schema.minimum, -Infinity), numberOr(schema.exclusiveMinimum, -Infinity) + 1);
  const high = Math.min(numberOr(schema.maximum, Infinity), numberOr(schema.exclusiveMaximum, Infinity) - 1);
  if (low > high) return (low + high) / 2;
  const value = Math.min(Math.max(1, low), high);
  return schema.type === 'integer' ? Math.ceil(value) : value;
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
