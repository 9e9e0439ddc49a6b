/** What OpenAI refuses on every route: credential, JSON, model, tools; and the rules of the small routes. */
import type { IncomingHttpHeaders } from 'node:http';
import { type Body, isObject, objectsOf, openaiError, type Refusal, type Rule } from './refusal.ts';

/** `header` is where the credential is looked for: `authorization` for OpenAI, `api-key` for Azure. */
export function checkOpenaiCredential(
  headers: IncomingHttpHeaders,
  credential: string,
  header: 'authorization' | 'api-key',
): Refusal | undefined {
  const sent = headers[header]?.toString();
  if (sent === undefined) {
    return openaiError(
      "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY). You can obtain an API key from https://platform.openai.com/account/api-keys.",
      { status: 401 },
    );
  }
  const key = header === 'authorization' ? sent.replace(/^Bearer /i, '') : sent;
  if (key === credential && (header === 'api-key' || /^Bearer /i.test(sent))) return undefined;
  return openaiError(
    `Incorrect API key provided: ${mask(key)}. You can find your API key at https://platform.openai.com/account/api-keys.`,
    { status: 401, code: 'invalid_api_key' },
  );
}

function mask(key: string): string {
  return key.length > 12
    ? `${key.slice(0, 8)}${'*'.repeat(key.length - 12)}${key.slice(-4)}`
    : '*'.repeat(key.length);
}

export function badJson(): Refusal {
  return openaiError(
    "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.)",
  );
}

export function badContentType(sent: string): Refusal {
  return openaiError(`Invalid Content-Type header (${sent}), expected application/json.`);
}

export function unknownRoute(method: string, path: string): Refusal {
  return openaiError(`Invalid URL (${method} ${path})`, { status: 404 });
}

export function unknownModel(model: unknown): Refusal {
  return openaiError(`The model \`${String(model)}\` does not exist or you do not have access to it.`, {
    status: 404,
    code: 'model_not_found',
  });
}

/** As Chat Completions, Completions and Embeddings word it. */
export function unknownArguments(allowed: ReadonlySet<string>): Rule {
  return (body) => {
    const unknown = Object.keys(body).filter((field) => !allowed.has(field));
    if (unknown.length === 0) return undefined;
    return openaiError(
      `Unrecognized request argument${unknown.length > 1 ? 's' : ''} supplied: ${unknown.join(', ')}`,
    );
  };
}

export const needsModel: Rule = (body) =>
  typeof body.model === 'string' && body.model !== ''
    ? undefined
    : openaiError('you must provide a model parameter');

export function missing(param: string): Refusal {
  return openaiError(`Missing required parameter: '${param}'.`, {
    param,
    code: 'missing_required_parameter',
  });
}

export function emptyArray(param: string): Refusal {
  return openaiError(
    `Invalid '${param}': empty array. Expected an array with minimum length 1, but got an empty array instead.`,
    { param, code: 'empty_array' },
  );
}

export function invalidType(param: string, expected: string, value: unknown): Refusal {
  return openaiError(
    `Invalid type for '${param}': expected ${expected}, but got ${describe(value)} instead.`,
    {
      param,
      code: 'invalid_type',
    },
  );
}

export function invalidValue(param: string, value: unknown, supported: readonly string[]): Refusal {
  const list = supported.map((item) => `'${item}'`);
  return openaiError(
    `Invalid value: '${String(value)}'. Supported values are: ${list.slice(0, -1).join(', ')}${list.length > 1 ? ', and ' : ''}${list.at(-1)}.`,
    { param, code: 'invalid_value' },
  );
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** Function names may hold letters, digits, underscores and dashes, 64 at most. */
export function checkToolName(param: string, name: unknown): Refusal | undefined {
  if (typeof name !== 'string') return missing(param);
  if (/^[a-zA-Z0-9_-]{1,64}$/.test(name)) return undefined;
  return openaiError(
    `Invalid '${param}': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.`,
    { param, code: 'invalid_value' },
  );
}

export const toolSettingsNeedTools: Rule = (body) => {
  if (Array.isArray(body.tools) && body.tools.length === 0) return emptyArray('tools');
  if (body.tools !== undefined && body.tools !== null) return undefined;
  for (const field of ['tool_choice', 'parallel_tool_calls']) {
    if (body[field] === undefined || body[field] === 'none') continue;
    return openaiError(
      `Invalid value for '${field}': '${field}' is only allowed when 'tools' are specified.`,
      {
        param: field,
      },
    );
  }
  return undefined;
};

export const streamOptionsNeedStream: Rule = (body) =>
  isObject(body.stream_options) && body.stream !== true
    ? openaiError("The 'stream_options' parameter is only allowed when 'stream' is enabled.", {
        param: 'stream_options',
      })
    : undefined;

const COMPLETION_FIELDS = new Set(
  'model prompt best_of echo frequency_penalty logit_bias logprobs max_tokens n presence_penalty seed stop stream stream_options suffix temperature top_p user'.split(
    ' ',
  ),
);

export const COMPLETION_RULES: readonly Rule[] = [
  unknownArguments(COMPLETION_FIELDS),
  needsModel,
  streamOptionsNeedStream,
];

const EMBEDDING_FIELDS = new Set(['model', 'input', 'dimensions', 'encoding_format', 'user']);

export const EMBEDDING_RULES: readonly Rule[] = [
  unknownArguments(EMBEDDING_FIELDS),
  needsModel,
  checkEmbeddingInput,
];

function checkEmbeddingInput(body: Body): Refusal | undefined {
  if (body.input === undefined) return missing('input');
  if (Array.isArray(body.input) && body.input.length === 0) return emptyArray('input');
  return undefined;
}

/** Ids in `asked` that `answered` lacks. */
export function unanswered(asked: readonly unknown[], answered: readonly unknown[]): string[] {
  return asked.filter((id) => !answered.includes(id)).map(String);
}

export function idsOf(items: unknown, field: string): unknown[] {
  return objectsOf(items).map((item) => item[field]);
}
