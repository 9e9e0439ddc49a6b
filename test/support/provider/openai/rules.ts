/** What OpenAI refuses on every route: credential, JSON, model, tool settings; and the rules of the small routes. */
import type { IncomingHttpHeaders } from 'node:http';
import { type Body, isObject, objectsOf, openaiError, type Refusal, type Rule } from '../refusal.ts';
import { emptyArray, missing, tooLong } from './words.ts';

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

/** As the older models and routes word it; newer ones say `unknownParameter`. */
export function unrecognized(fields: readonly string[]): Refusal {
  return openaiError(
    `Unrecognized request argument${fields.length > 1 ? 's' : ''} supplied: ${fields.join(', ')}`,
  );
}

function unknownArguments(allowed: ReadonlySet<string>): Rule {
  return (body) => {
    const unknown = Object.keys(body).filter((field) => !allowed.has(field));
    return unknown.length === 0 ? undefined : unrecognized(unknown);
  };
}

export const needsModel: Rule = (body) =>
  typeof body.model === 'string' && body.model !== ''
    ? undefined
    : openaiError('you must provide a model parameter');

const LONGEST_TOOL_NAME = 64;

/** Function names may hold letters, digits, underscores and dashes, 64 at most. */
export function checkToolName(param: string, name: unknown): Refusal | undefined {
  if (typeof name !== 'string') return missing(param);
  if (name.length > LONGEST_TOOL_NAME) return tooLong(param, 'string', LONGEST_TOOL_NAME, name.length);
  if (/^[a-zA-Z0-9_-]+$/.test(name)) return undefined;
  return openaiError(
    `Invalid '${param}': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.`,
    { param, code: 'invalid_value' },
  );
}

const MOST_TOOLS = 128;

/** https://platform.openai.com/docs/api-reference/chat/create: at most 128. */
export const checkToolCount: Rule = ({ tools }) =>
  Array.isArray(tools) && tools.length > MOST_TOOLS
    ? tooLong('tools', 'array', MOST_TOOLS, tools.length)
    : undefined;

export const toolSettingsNeedTools: Rule = (body) => {
  if (Array.isArray(body.tools) && body.tools.length === 0) return emptyArray('tools');
  if (body.tools !== undefined && body.tools !== null) return undefined;
  // Codex brings all its tools along there, for some models.
  if (objectsOf(body.input).some(({ type }) => type === 'additional_tools')) return undefined;
  for (const field of ['tool_choice', 'parallel_tool_calls']) {
    if (body[field] === undefined || body[field] === 'none') continue;
    return openaiError(
      `Invalid value for '${field}': '${field}' is only allowed when 'tools' are specified.`,
      { param: field },
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

/** Web addresses, and data URLs of pictures. */
export function checkImageUrl(param: string, url: unknown): Refusal | undefined {
  if (typeof url !== 'string') return missing(param);
  const data = url.match(/^data:([^;,]*)/)?.[1];
  if (data !== undefined && !/^image\/(png|jpe?g|gif|webp)$/.test(data)) {
    return openaiError(
      `Invalid '${param}'. Expected a base64-encoded data URL with an image MIME type (e.g. 'data:image/png;base64,aW1nIGJ5dGVzIGhlcmU='), but got unsupported MIME type '${data}'.`,
      { param, code: 'invalid_value' },
    );
  }
  if (data !== undefined || /^https?:\/\/[^/]/.test(url)) return undefined;
  return openaiError(`Invalid '${param}'. Expected a valid URL, but got a value with an invalid format.`, {
    param,
    code: 'invalid_value',
  });
}

/** Files come as data URLs of PDFs (https://platform.openai.com/docs/guides/pdf-files). */
export function checkFileData(param: string, data: unknown): Refusal | undefined {
  if (typeof data !== 'string') return undefined;
  const type = data.match(/^data:([^;,]*);base64,/)?.[1];
  if (type === 'application/pdf') return undefined;
  const got = type === undefined ? 'an invalid value' : `unsupported MIME type '${type}'`;
  return openaiError(
    `Invalid file data: '${param}'. Expected a base64-encoded data URL with an application/pdf MIME type (e.g. 'data:application/pdf;base64,SGVsbG8sIFdvcmxkIQ=='), but got ${got}.`,
    { param, code: 'invalid_value' },
  );
}

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
