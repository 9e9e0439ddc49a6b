import type { Dropped } from '../canonical/dropped.ts';
import type { OutputFormat } from '../canonical/request.ts';
import type { Target } from '../canonical/target.ts';
import type { JsonObject } from '../json.ts';
import { grammarOf } from './grammar.ts';
import type { GrammarLimits } from './grammar-limits.ts';

/** At most one is there. */
export interface EncodedFormat {
  /** `output_config.format`. */
  format?: JsonObject;
  /** Words for the system prompt, where the service cannot hold the answer to the form. */
  instruction?: string;
}

/** Says what form the answer must have; reported wherever the service does not vouch for all of it. */
export function encodeFormat(
  format: OutputFormat | null,
  target: Target,
  limits: GrammarLimits,
  dropped: Dropped,
): EncodedFormat {
  if (format === null) return {};
  const { outputConfig } = target.traits.messages;
  const grammar = format.type === 'json_schema' && outputConfig ? grammarOf(format.schema) : undefined;
  if (grammar !== undefined && limits.take(grammar, 'format')) {
    if (grammar.loosened) dropped.add('response_format');
    return { format: { type: 'json_schema', schema: grammar.schema } };
  }
  dropped.add('response_format');
  return { instruction: instruction(format) };
}

function instruction(format: OutputFormat): string {
  const only = 'Answer with one JSON object and nothing else: no words around it, and no Markdown fence.';
  if (format.type === 'json_object') return only;
  const about = format.description === null ? '' : `\n\nWhat it is for: ${format.description}`;
  return `${only} It must be valid against this JSON Schema:\n\n${JSON.stringify(format.schema)}${about}`;
}
