/** What OpenAI asks of a schema with `strict: true` (https://platform.openai.com/docs/guides/structured-outputs#supported-schemas). */
import { type Body, isObject } from '../refusal.ts';

/** Keywords that strict schemas may not have. */
const FORBIDDEN = [
  'allOf',
  'oneOf',
  'not',
  'if',
  'then',
  'else',
  'dependentRequired',
  'dependentSchemas',
  'patternProperties',
  'propertyNames',
];

/** What is wrong, in the service's words; undefined for a schema that is strict enough. */
export function strictFault(schema: unknown): string | undefined {
  if (!isObject(schema)) return undefined;
  if (schema.type !== 'object') {
    const type = typeof schema.type === 'string' ? schema.type : 'None';
    return `schema must be a JSON Schema of 'type: "object"', got 'type: "${type}"'.`;
  }
  return faultIn(schema, []);
}

function faultIn(schema: Body, path: readonly string[]): string | undefined {
  const context = `In context=(${path.map((step) => `'${step}'`).join(', ')}${path.length === 1 ? ',' : ''})`;
  const forbidden = FORBIDDEN.find((word) => word in schema);
  if (forbidden !== undefined) return `${context}, '${forbidden}' is not permitted.`;
  const types = [schema.type].flat();
  if (types.includes('object')) {
    if (schema.additionalProperties !== false) {
      return `${context}, 'additionalProperties' is required to be supplied and to be false.`;
    }
    const names = Object.keys(isObject(schema.properties) ? schema.properties : {});
    const required = Array.isArray(schema.required) ? schema.required : [];
    const left = names.find((name) => !required.includes(name));
    if (left !== undefined) {
      return `${context}, 'required' is required to be supplied and to be an array including every key in properties. Missing '${left}'.`;
    }
  }
  return faultBelow(schema, path);
}

function faultBelow(schema: Body, path: readonly string[]): string | undefined {
  const below: [string[], unknown][] = [[['items'], schema.items]];
  for (const group of ['properties', '$defs', 'definitions']) {
    const members = schema[group];
    if (isObject(members)) {
      for (const [name, inner] of Object.entries(members)) below.push([[group, name], inner]);
    }
  }
  if (Array.isArray(schema.anyOf)) {
    for (const [index, inner] of schema.anyOf.entries()) below.push([['anyOf', String(index)], inner]);
  }
  for (const [steps, inner] of below) {
    const fault = isObject(inner) ? faultIn(inner, [...path, ...steps]) : undefined;
    if (fault !== undefined) return fault;
  }
  return undefined;
}
