/** What of JSON Schema the descriptions use. */
export interface Schema {
  type?: string | string[];
  format?: string;
  description?: string;
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  additionalProperties?: Schema | boolean;
}

export interface Field {
  /** Such as `data[].id`. */
  name: string;
  type: string;
  required: boolean;
  description: string;
}

/** Every field of an object, those within it included. */
export function fieldsOf(schema: Schema, prefix = ''): Field[] {
  return Object.entries(objectOf(schema).properties ?? {}).flatMap(([key, value]) => {
    const name = prefix + key;
    const field: Field = {
      name,
      type: typeOf(value),
      required: objectOf(schema).required?.includes(key) ?? false,
      description: descriptionOf(value),
    };
    return [field, ...fieldsWithin(value, name)];
  });
}

/** `string`, `array of object`, `integer or null`, or the values it may have. */
export function typeOf(schema: Schema): string {
  const { anyOf, type = 'any', items } = schema;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (anyOf !== undefined) return [...new Set(anyOf.map(typeOf))].join(' or ');
  if (type === 'array') return `array of ${items === undefined ? 'any' : typeOf(items)}`;
  if (schema.format === 'date-time' || schema.format === 'date') return schema.format;
  return [type].flat().join(' or ');
}

function fieldsWithin(schema: Schema, name: string): Field[] {
  const own = objectOf(schema);
  return own.type === 'array' ? fieldsOf(own.items ?? {}, `${name}[].`) : fieldsOf(own, `${name}.`);
}

/** Of what may also be null, the rest. */
function objectOf(schema: Schema): Schema {
  return schema.anyOf?.find(({ type }) => type === 'object' || type === 'array') ?? schema;
}

function descriptionOf(schema: Schema): string {
  return (
    schema.description ??
    schema.anyOf?.find(({ description }) => description !== undefined)?.description ??
    ''
  );
}
