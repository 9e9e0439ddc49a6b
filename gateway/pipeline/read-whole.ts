import { ENDPOINTS, type Endpoint } from '../protocols/endpoint.ts';
import { isObject } from '../protocols/json.ts';
import { sprawls } from '../protocols/json-sprawl.ts';
import { readUsage } from '../protocols/usage.ts';
import type { UpstreamAnswer } from '../providers/upstream.ts';
import { uselessAnswer } from './attempts.ts';
import type { Metered } from './metered.ts';
import type { Route } from './route.ts';

/** An answer that is read to its end before any of it goes out. */
export interface WholeAnswer {
  status: number;
  body: Buffer;
}

/** Longer answers are no answers: 64 MiB of embeddings is some ten thousand texts. */
const MAX_BYTES = 256 * 1024 * 1024;

/**
 * Reads an answer that is not a stream, with its usage. An answer whose status is good and whose content is
 * not is the provider's failure, so that another target can be tried.
 * @throws AttemptFailed, UpstreamFailure
 */
export async function readWhole(
  endpoint: Endpoint,
  route: Route,
  answer: UpstreamAnswer,
  metered: Metered,
): Promise<WholeAnswer> {
  const body = await readAll(route, answer);
  if (answer.status >= 300) {
    return { status: answer.status, body: answer.withoutCredential?.(body) ?? body };
  }
  const json = parsed(body);
  if (json === undefined) throw uselessAnswer(route, 'junk', 'answered with something that is not JSON.');
  if (isError(json))
    throw uselessAnswer(route, 'error_in_answer', 'answered with an error inside a good status.');
  if (!holdsAnswer(endpoint, json)) throw uselessAnswer(route, 'no_answer', 'answered without an answer.');
  const usage = endpoint === 'count_tokens' ? undefined : json.usage;
  metered.usage = readUsage(ENDPOINTS[endpoint].protocol, usage, null);
  metered.outputBytes = endpoint === 'embeddings' || endpoint === 'count_tokens' ? 0 : body.length;
  return { status: answer.status, body };
}

/** @throws AttemptFailed, UpstreamFailure */
export async function readAll(route: Route, answer: UpstreamAnswer): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer.body) {
    length += chunk.length;
    if (length > MAX_BYTES) throw uselessAnswer(route, 'too_large', 'sent more than 256 MiB.');
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  if (sprawls(body)) throw uselessAnswer(route, 'too_large', 'sent more than a million objects and members.');
  return body;
}

function parsed(body: Buffer): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(body.toString('utf8'));
    return isObject(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

/** The member of an answer that holds what was asked for. Without it an agent would take silence for an answer. */
const ANSWER_IN: Readonly<Record<Endpoint, string>> = {
  chat: 'choices',
  completions: 'choices',
  messages: 'content',
  responses: 'output',
  embeddings: 'data',
  count_tokens: 'input_tokens',
};

function holdsAnswer(endpoint: Endpoint, json: Record<string, unknown>): boolean {
  const answer = json[ANSWER_IN[endpoint]];
  return endpoint === 'count_tokens' ? typeof answer === 'number' : Array.isArray(answer);
}

/** Responses carry `error: null` when all is well. */
function isError(json: Record<string, unknown>): boolean {
  const failed = json.error !== undefined && json.error !== null;
  return failed && json.choices === undefined && json.content === undefined && json.output === undefined;
}
