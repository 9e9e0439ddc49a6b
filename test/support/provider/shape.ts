/**
 * Request shapes as data, and the walk that finds what does not fit. Services differ in how they say it, not in
 * what they look at: unknown fields, missing ones, types, tags.
 */
import { type Body, firstOf, isObject, type Refusal } from './refusal.ts';

export type Shape =
  | 'any'
  | 'string'
  | 'boolean'
  | 'integer'
  | 'number'
  /** An object of any content. */
  | 'map'
  | readonly [list: Shape]
  | ObjectShape
  | TaggedShape
  | EitherShape
  | EnumShape;

export interface ObjectShape {
  kind: 'object';
  fields: Readonly<Record<string, Shape>>;
  required: readonly string[];
}

/** Objects told apart by `type`; `usual` is the one meant without it. */
export interface TaggedShape {
  kind: 'tagged';
  variants: Readonly<Record<string, Shape>>;
  usual: string | undefined;
}

/** A text, or else this. */
export interface EitherShape {
  kind: 'text_or';
  other: Shape;
}

export interface EnumShape {
  kind: 'enum';
  values: readonly string[];
}

type Keys<T> = T extends unknown ? keyof T & string : never;

/** Shapes of all fields of a request type of an official SDK: the compiler sees that none is forgotten or invented. */
export function object<T>(
  fields: Readonly<Record<Keys<T>, Shape>>,
  required: readonly Keys<T>[] = [],
): ObjectShape {
  return { kind: 'object', fields, required };
}

/** The same shape with fields that the type has not. */
export function widened(shape: ObjectShape, more: Readonly<Record<string, Shape>>): ObjectShape {
  return { ...shape, fields: { ...shape.fields, ...more } };
}

export function tagged(variants: Readonly<Record<string, Shape>>, usual?: string): TaggedShape {
  return { kind: 'tagged', variants, usual };
}

export function textOr(other: Shape): EitherShape {
  return { kind: 'text_or', other };
}

export function oneOf(...values: string[]): EnumShape {
  return { kind: 'enum', values };
}

/** A field, a place in a list, or the tag of an object. */
export type Step = string | number | { tag: string };
export type Path = readonly Step[];

/** How a service says what does not fit. */
export interface Words {
  unknown(path: Path, field: string): Refusal | undefined;
  missing(path: Path, field: string): Refusal | undefined;
  type(path: Path, shape: Shape, value: unknown): Refusal | undefined;
  tag(path: Path, value: unknown, tags: readonly string[]): Refusal | undefined;
  enum(path: Path, value: unknown, values: readonly string[]): Refusal | undefined;
  /** Unknown fields are told after faults of known ones. */
  unknownLast?: boolean;
}

/** The first thing in `value` that does not fit. `null` stands for absent, as optional fields may be null. */
export function checkShape(value: unknown, shape: Shape, words: Words, path: Path = []): Refusal | undefined {
  if (value === undefined || value === null || shape === 'any') return undefined;
  if (typeof shape === 'string') {
    return fits(value, shape) ? undefined : words.type(path, shape, value);
  }
  if (Array.isArray(shape)) {
    if (!Array.isArray(value)) return words.type(path, shape, value);
    return firstOf(value, (item, index) =>
      item === null
        ? words.type([...path, index], shape[0], item)
        : checkShape(item, shape[0], words, [...path, index]),
    );
  }
  return checkCompound(value, shape as Exclude<Shape, string | readonly [Shape]>, words, path);
}

function checkCompound(
  value: unknown,
  shape: Exclude<Shape, string | readonly [Shape]>,
  words: Words,
  path: Path,
): Refusal | undefined {
  switch (shape.kind) {
    case 'text_or':
      if (typeof value === 'string') return undefined;
      return Array.isArray(shape.other) && !Array.isArray(value)
        ? words.type(path, shape, value)
        : checkShape(value, shape.other, words, path);
    case 'enum':
      if (typeof value !== 'string') return words.type(path, shape, value);
      return shape.values.includes(value) ? undefined : words.enum(path, value, shape.values);
    case 'object':
      return isObject(value) ? checkFields(value, shape, words, path) : words.type(path, shape, value);
    case 'tagged':
      return isObject(value) ? checkTagged(value, shape, words, path) : words.type(path, shape, value);
  }
}

function fits(value: unknown, shape: 'string' | 'boolean' | 'integer' | 'number' | 'map'): boolean {
  switch (shape) {
    case 'integer':
      return Number.isInteger(value);
    case 'map':
      return isObject(value);
    default:
      return typeof value === shape;
  }
}

function checkTagged(value: Body, shape: TaggedShape, words: Words, path: Path): Refusal | undefined {
  const tag = value.type ?? shape.usual;
  if (tag === undefined) return words.missing(path, 'type');
  const isKnown = typeof tag === 'string' && Object.hasOwn(shape.variants, tag);
  const variant = isKnown ? shape.variants[tag] : undefined;
  if (variant === undefined) return words.tag(path, tag, Object.keys(shape.variants));
  return checkShape(value, variant, words, [...path, { tag: String(tag) }]);
}

function checkFields(value: Body, shape: ObjectShape, words: Words, path: Path): Refusal | undefined {
  const missing = shape.required.find((field) => value[field] === undefined || value[field] === null);
  if (missing !== undefined) return words.missing(path, missing);
  const inner = () =>
    firstOf(Object.entries(shape.fields), ([field, fieldShape]) =>
      checkShape(value[field], fieldShape, words, [...path, field]),
    );
  const unknown = () => {
    const field = Object.keys(value).find((name) => !(name in shape.fields));
    return field === undefined ? undefined : words.unknown(path, field);
  };
  return words.unknownLast ? (inner() ?? unknown()) : (unknown() ?? inner());
}
