/** The form of an answer, asked for in a field or, where the target has none, in words. */
import type { OutputFormat } from '../canonical/request.ts';
import type { JsonObject } from '../json.ts';
import type { Encoding } from './encode-content.ts';

const JSON_ALONE = 'Answer with one JSON object and nothing else.';

export interface FormatWish {
  /** Members of the body. */
  members: JsonObject;
  /** To be said in the system prompt; null where the field says all. */
  instruction: string | null;
}

/**
 * A schema that the target cannot be held to is told to the model, and reported as lost: the model may depart
 * from it.
 */
export function encodeFormat(format: OutputFormat | null, { target, dropped }: Encoding): FormatWish {
  const takes = target.traits.chat.format;
  if (format === null) return { members: {}, instruction: null };
  if (format.type === 'json_schema' && takes === 'json_schema') {
    return { members: { response_format: schemaFormat(format) }, instruction: null };
  }
  const members = takes === 'none' ? {} : { response_format: { type: 'json_object' } };
  if (format.type === 'json_object') {
    if (takes !== 'none') return { members, instruction: null };
    dropped.add('response_format');
    return { members, instruction: JSON_ALONE };
  }
  dropped.add('response_format');
  const schema = JSON.stringify(format.schema);
  return { members, instruction: `${JSON_ALONE} It must match this JSON schema:\n${schema}` };
}

/** `name` is needed there, and callers of other protocols have none. */
function schemaFormat(format: Extract<OutputFormat, { type: 'json_schema' }>): JsonObject {
  const { name, description, schema, strict } = format;
  return {
    type: 'json_schema',
    json_schema: {
      name: name ?? 'answer',
      ...(description === null ? {} : { description }),
      schema,
      ...(strict === null ? {} : { strict }),
    },
  };
}
