/**
 * JSON schemas that answers are held to. The service makes a grammar of them and refuses what it cannot put into
 * one (https://platform.claude.com/docs/en/build-with-claude/structured-outputs, "JSON Schema limitations").
 */
import { isObject, type JsonObject } from '../json.ts';
import { BOUNDS, isSayable, NOTES, PLAIN } from './grammar-keywords.ts';

export interface Grammar {
  schema: JsonObject;
  /** A bound, such as `minimum`, now only stands in a description. */
  loosened: boolean;
  /** Properties that may be left out, and places that take one of several types: the service counts them. */
  optional: number;
  unions: number;
}

/** Thrown within this file alone. */
class NoGrammar extends Error {}

/**
 * Fits a schema for the service: objects are closed where they say nothing, as it demands, and bounds go into
 * descriptions. An answer that fits the result fits the schema, but for the bounds.
 * @returns undefined where no grammar says it: recursion, objects with names of any kind, values of any type
 */
export function grammarOf(schema: JsonObject): Grammar | undefined {
  try {
    const maker = new GrammarMaker(schema);
    return { schema: maker.made, loosened: maker.loosened, optional: maker.optional, unions: maker.unions };
  } catch (error) {
    if (error instanceof NoGrammar || error instanceof RangeError) return undefined;
    throw error;
  }
}

class GrammarMaker {
  loosened = false;
  optional = 0;
  unions = 0;
  readonly made: JsonObject;
  /** References from each definition, to find those that lead back. */
  readonly #references = new Map<string, Set<string>>();
  #current = '#';

  constructor(schema: JsonObject) {
    this.made = this.#make(schema);
    for (const start of this.#references.keys()) {
      if (this.#leadsTo(start, start, new Set())) throw new NoGrammar();
    }
  }

  #make(schema: unknown): JsonObject {
    if (!isObject(schema)) throw new NoGrammar();
    if (schema.$ref !== undefined) return this.#makeReference(schema);
    const made: JsonObject = {};
    const bounds: string[] = [];
    for (const [name, value] of Object.entries(schema)) {
      if (PLAIN.has(name)) made[name] = value;
      else if (BOUNDS.has(name)) {
        if (isSayable(name, value)) made[name] = value;
        else bounds.push(`${name}: ${JSON.stringify(value)}`);
      } else if (!NOTES.has(name)) Object.assign(made, this.#makeKeyword(name, value));
    }
    this.#close(made, schema);
    if (Array.isArray(made.type) || made.anyOf !== undefined) this.unions += 1;
    return this.#described(made, bounds);
  }

  #makeKeyword(name: string, value: unknown): JsonObject {
    switch (name) {
      case 'properties':
        return { properties: this.#makeEach(value) };
      case '$defs':
      case 'definitions':
        return { [name]: this.#makeDefinitions(name, value) };
      case 'items':
        return { items: this.#make(value) };
      case 'anyOf':
        return { anyOf: this.#makeAll(value) };
      case 'oneOf':
        this.loosened = true;
        return { anyOf: this.#makeAll(value) };
      case 'allOf':
        return { allOf: this.#makeSingle(value) };
      case 'const':
        if (typeof value === 'object' && value !== null) throw new NoGrammar();
        return { const: value };
      case 'enum':
        if (!Array.isArray(value) || value.some((item) => typeof item === 'object' && item !== null)) {
          throw new NoGrammar();
        }
        return { enum: value };
      default:
        if (!name.startsWith('x-')) throw new NoGrammar();
        return {};
    }
  }

  /** Several closed objects are at odds with each other, and a reference is not taken here. */
  #makeSingle(schemas: unknown): JsonObject[] {
    const made = this.#makeAll(schemas);
    if (made.length !== 1 || made[0]?.$ref !== undefined) throw new NoGrammar();
    return made;
  }

  #makeEach(schemas: unknown): JsonObject {
    if (!isObject(schemas)) throw new NoGrammar();
    return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, this.#make(schema)]));
  }

  #makeAll(schemas: unknown): JsonObject[] {
    if (!Array.isArray(schemas)) throw new NoGrammar();
    return schemas.map((schema) => this.#make(schema));
  }

  #makeDefinitions(place: string, definitions: unknown): JsonObject {
    if (!isObject(definitions)) throw new NoGrammar();
    const outer = this.#current;
    const made = Object.entries(definitions).map(([name, schema]) => {
      this.#current = `#/${place}/${name}`;
      return [name, this.#make(schema)] as const;
    });
    this.#current = outer;
    return Object.fromEntries(made);
  }

  /** Objects must be closed; one of free names would come out empty, and a value of any type has no grammar. */
  #close(made: JsonObject, schema: JsonObject): void {
    const isEmpty = !isObject(made.properties) || Object.keys(made.properties).length === 0;
    const open = schema.additionalProperties;
    const says = ['type', 'anyOf', 'allOf', 'enum', 'const'].some((name) => made[name] !== undefined);
    if (!says && isEmpty) throw new NoGrammar();
    const types = Array.isArray(made.type) ? made.type : [made.type];
    if (!types.includes('object') && isEmpty) return;
    const isMap = isObject(open) && Object.keys(open).length > 0;
    const isMixed = made.anyOf !== undefined || made.allOf !== undefined;
    if (isMap || isMixed || (isEmpty && open !== false)) throw new NoGrammar();
    made.type ??= 'object';
    made.additionalProperties = false;
    const required = Array.isArray(made.required) ? made.required : [];
    this.optional += Object.keys(made.properties ?? {}).filter((name) => !required.includes(name)).length;
  }

  #described(made: JsonObject, bounds: readonly string[]): JsonObject {
    if (bounds.length === 0) return made;
    this.loosened = true;
    const description = typeof made.description === 'string' ? `${made.description}\n\n` : '';
    return { ...made, description: `${description}(${bounds.join(', ')})` };
  }

  /** Into this schema's own definitions, and with nothing beside it but words. */
  #makeReference({ $ref: reference, $defs, definitions, ...beside }: JsonObject): JsonObject {
    const isOwn = typeof reference === 'string' && /^#\/(?:\$defs|definitions)\/[^/]+$/.test(reference);
    const isAlone = Object.keys(beside).every((name) => NOTES.has(name) || PLAIN.has(name));
    if (!isOwn || !isAlone) throw new NoGrammar();
    const from = this.#references.get(this.#current) ?? new Set();
    this.#references.set(this.#current, from.add(reference));
    return {
      $ref: reference,
      ...($defs === undefined ? {} : { $defs: this.#makeDefinitions('$defs', $defs) }),
      ...(definitions === undefined
        ? {}
        : { definitions: this.#makeDefinitions('definitions', definitions) }),
    };
  }

  #leadsTo(from: string, to: string, seen: Set<string>): boolean {
    for (const next of this.#references.get(from) ?? []) {
      if (next === to) return true;
      if (seen.has(next)) continue;
      seen.add(next);
      if (this.#leadsTo(next, to, seen)) return true;
    }
    return false;
  }
}
