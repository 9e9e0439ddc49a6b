import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grammarOf } from '../../../gateway/protocols/anthropic-messages/grammar.ts';
import type { JsonObject } from '../../../gateway/protocols/json.ts';

const object = (properties: JsonObject, rest: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
  ...rest,
});

describe('a schema that a grammar can say', () => {
  it('stays as it is', () => {
    const schema = object({
      a: { type: 'string', format: 'date', description: 'A day.', pattern: '^\\d{4}' },
      b: { type: ['integer', 'null'], default: 1 },
      c: { type: 'array', items: { enum: ['x', 1, null] }, minItems: 1 },
      d: { anyOf: [{ $ref: '#/$defs/d' }, { const: 'none' }] },
    });
    schema.$defs = { d: object({ e: { type: 'boolean' } }) };
    expect(grammarOf(schema)).toEqual({ schema, loosened: false, optional: 0, unions: 2 });
  });

  it('is closed where it says nothing of other properties', () => {
    const open = { type: 'object', properties: { a: { properties: { b: { type: 'string' } } } } };
    expect(grammarOf(open)).toMatchObject({
      schema: {
        additionalProperties: false,
        properties: { a: { type: 'object', additionalProperties: false } },
      },
      loosened: false,
      optional: 2,
    });
    expect(grammarOf({ ...open, additionalProperties: true })).toMatchObject({ loosened: false });
  });

  it('loses what says nothing of the values', () => {
    const notes = { $schema: 'http://json-schema.org/draft-07/schema#', examples: [1], 'x-order': 2 };
    expect(grammarOf({ ...object({ a: { type: 'string' } }), ...notes })?.schema).toEqual(
      object({ a: { type: 'string' } }),
    );
  });

  it('tells of bounds that cannot be held', () => {
    const schema = object({ a: { type: 'integer', minimum: 1, maximum: 5, description: 'Stars.' } });
    expect(grammarOf(schema)).toEqual({
      schema: object({ a: { type: 'integer', description: 'Stars.\n\n(minimum: 1, maximum: 5)' } }),
      loosened: true,
      optional: 0,
      unions: 0,
    });
    expect(grammarOf(object({ a: { type: 'string', pattern: '(?!x)' } }))?.loosened).toBe(true);
    expect(grammarOf(object({ a: { oneOf: [{ type: 'string' }, { type: 'null' }] } }))).toMatchObject({
      loosened: true,
      schema: { properties: { a: { anyOf: [{ type: 'string' }, { type: 'null' }] } } },
    });
  });

  it('may refer to what it defines, with words beside', () => {
    const schema = {
      $ref: '#/definitions/a',
      description: 'x',
      definitions: { a: object({ b: { type: 'string' } }) },
    };
    expect(grammarOf(schema)?.schema).toEqual({ $ref: schema.$ref, definitions: schema.definitions });
  });
});

describe('a schema that no grammar says', () => {
  it.each<[string, JsonObject]>([
    [
      'refers to itself',
      { ...object({ a: { $ref: '#/$defs/t' } }), $defs: { t: object({ n: { $ref: '#/$defs/t' } }) } },
    ],
    [
      'refers to itself by another',
      {
        ...object({ a: { $ref: '#/$defs/t' } }),
        $defs: { t: object({ n: { $ref: '#/$defs/u' } }), u: object({ n: { $ref: '#/$defs/t' } }) },
      },
    ],
    ['refers to the whole', object({ a: { $ref: '#' } })],
    ['refers to another document', object({ a: { $ref: 'https://example.com/s' } })],
    [
      'refers with a bound beside',
      { ...object({ a: { $ref: '#/$defs/t', minimum: 1 } }), $defs: { t: { type: 'integer' } } },
    ],
    ['has names of any kind', { type: 'object', additionalProperties: { type: 'string' } }],
    ['has an object of anything', object({ a: { type: 'object' } })],
    ['has a value of any type', object({ a: {} })],
    ['has a bare yes', object({ a: true })],
    ['lists objects', object({ a: { enum: [{ b: 1 }] } })],
    [
      'joins objects',
      object({ a: { allOf: [object({ b: { type: 'string' } }), object({ c: { type: 'string' } })] } }),
    ],
    [
      'has alternatives beside properties',
      object({ a: { type: 'string' } }, { anyOf: [{ required: ['a'] }] }),
    ],
    ['says no', object({ a: { not: { type: 'string' } } })],
    ['has conditions', object({ a: { type: 'string' } }, { if: {}, else: {} })],
  ])('%s', (_name, schema) => {
    expect(grammarOf(schema)).toBeUndefined();
  });

  it('is never an error', () => {
    const word = fc.constantFrom(
      'type',
      'properties',
      '$ref',
      '$defs',
      'items',
      'anyOf',
      'allOf',
      'enum',
      'minimum',
      'a',
    );
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom('object', 'string', '#/$defs/a', 1, null, true),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(word, tie('value'), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(word, value, { maxKeys: 5 }), (schema) => {
        const grammar = grammarOf(schema);
        // What was fitted needs no fitting.
        if (grammar !== undefined) expect(grammarOf(grammar.schema)?.schema).toEqual(grammar.schema);
      }),
    );
  });
});
