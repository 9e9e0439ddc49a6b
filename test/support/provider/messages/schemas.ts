/** What Anthropic asks of schemas of outputs and strict tools (https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations). */
import { type Body, isObject } from '../refusal.ts';

/** Keywords that are not supported, by type. */
const UNSUPPORTED: Readonly<Record<string, readonly string[]>> = {
  integer: ['exclusiveMaximum', 'exclusiveMinimum', 'maximum', 'minimum', 'multipleOf'],
  number: ['exclusiveMaximum', 'exclusiveMinimum', 'maximum', 'minimum', 'multipleOf'],
  array: ['maxItems', 'uniqueItems'],
  string: ['maxLength', 'minLength'],
  object: ['patternProperties', 'propertyNames'],
};

/** What is wrong, in the service's words; undefined for a schema that can be kept to. */
export function outputSchemaFault(schema: unknown): string | undefined {
  if (!isObject(schema)) return undefined;
  const type = String(schema.type);
  if (type === 'object' && schema.additionalProperties !== false) {
    return "For 'object' type, 'additionalProperties' must be explicitly set to false";
  }
  const unsupported = Object.hasOwn(UNSUPPORTED, type) ? UNSUPPORTED[type] : undefined;
  const found = (unsupported ?? []).filter((word) => word in schema);
  if (found.length === 1) return `For '${type}' type, property '${found[0]}' is not supported`;
  if (found.length > 1) return `For '${type}' type, properties ${found.join(', ')} are not supported`;
  for (const inner of below(schema)) {
    const fault = outputSchemaFault(inner);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function below(schema: Body): unknown[] {
  const groups = ['properties', '$defs', 'definitions'].flatMap((group) =>
    isObject(schema[group]) ? Object.values(schema[group]) : [],
  );
  const lists = ['anyOf', 'allOf'].flatMap((list) => (Array.isArray(schema[list]) ? schema[list] : []));
  return [...groups, ...lists, schema.items];
}
