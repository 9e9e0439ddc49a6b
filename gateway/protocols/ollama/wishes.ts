/** How to answer: `format` and `think` of a request, in chat's words. */
import { isObject, type JsonObject } from '../json.ts';
import { EFFORTS } from '../model-facts.ts';
import { badField } from './fields.ts';

/** `"json"`, or a JSON schema. @throws GatewayError `invalid_request` */
export function readFormat(format: unknown): JsonObject {
  if (format === undefined || format === null || format === '') return {};
  if (format === 'json') return { response_format: { type: 'json_object' } };
  if (!isObject(format)) throw badField('format', 'must be "json" or a JSON schema.');
  return { response_format: { type: 'json_schema', json_schema: { schema: format } } };
}

/** `true`, `false`, or how much. @throws GatewayError `invalid_request` */
export function readThink(think: unknown): JsonObject {
  if (think === undefined || think === null || think === '') return {};
  if (typeof think === 'boolean') return { reasoning: { enabled: think } };
  if (EFFORTS.some((effort) => effort === think)) return { reasoning_effort: think };
  throw badField('think', 'must be true, false, "low", "medium", "high" or "max".');
}
