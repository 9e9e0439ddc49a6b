import { tokenCountEstimate } from '../protocols/count-tokens.ts';
import type { AuthorizedCall } from './call.ts';
import type { AnswerEnd } from './serving.ts';

export function estimatedCount(call: AuthorizedCall): AnswerEnd {
  const body = Buffer.from(JSON.stringify({ input_tokens: tokenCountEstimate(call.body.json) }));
  return { kind: 'whole', status: 200, headers: { 'content-type': 'application/json' }, body };
}
