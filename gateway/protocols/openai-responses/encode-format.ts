/** The form of the text to be written: `text` of a request, and of the answer that repeats it. */
import type { OutputFormat } from '../canonical/request.ts';
import type { JsonObject } from '../json.ts';

const FIT_NAME = /^[a-zA-Z0-9_-]{1,64}$/;

/** A schema must have a name here, and in Anthropic's protocol has none. */
const UNNAMED = 'answer';

/** @returns `text.format` */
export function formatJson(format: OutputFormat): JsonObject {
  if (format.type === 'json_object') return { type: 'json_object' };
  const { name, description, schema, strict } = format;
  return {
    type: 'json_schema',
    name: name !== null && FIT_NAME.test(name) ? name : UNNAMED,
    ...(description === null ? {} : { description }),
    schema,
    ...(strict === null ? {} : { strict }),
  };
}
