/** How servers say that a chat request does not fit their schema. */
import { OPENAI_WORDS, openaiPath } from '../openai/words.ts';
import { openaiError, type Refusal } from '../refusal.ts';
import type { Path, Words } from '../shape.ts';
import type { Dialect } from './dialect.ts';

export function wordsOf(dialect: Dialect): Words {
  const words = WORDS[dialect.words];
  return dialect.unknownFields === 'refused' ? words : { ...words, unknown: () => undefined };
}

/** Rust servers, such as DeepSeek's (https://serde.rs). */
const SERDE: Words = {
  unknown: (path, field) => serde(path, `unknown field \`${field}\``),
  missing: (path, field) => serde(path, `missing field \`${field}\``),
  type: (path, shape) =>
    serde(path, `invalid type, expected ${typeof shape === 'string' ? shape : 'object'}`),
  tag: (path, value, tags) => serde([...path, 'type'], variant(value, tags)),
  enum: (path, value, values) => serde(path, variant(value, values)),
};

function variant(value: unknown, values: readonly string[]): string {
  return `unknown variant \`${String(value)}\`, expected one of ${values.map((name) => `\`${name}\``).join(', ')}`;
}

function serde(path: Path, what: string): Refusal {
  return openaiError(
    `Failed to deserialize the JSON body into the target type: ${openaiPath(path)}: ${what}`,
    { code: 'invalid_request_error' },
  );
}

/** Python servers, such as Mistral's (https://docs.pydantic.dev/latest/errors/validation_errors/). `message` is no text. */
const PYDANTIC: Words = {
  unknown: (path, field) => pydantic('extra_forbidden', [...path, field], 'Extra inputs are not permitted'),
  missing: (path, field) => pydantic('missing', [...path, field], 'Field required'),
  type: (path, shape) =>
    pydantic('type_error', path, `Input should be a valid ${typeof shape === 'string' ? shape : 'object'}`),
  tag: (path, value, tags) => pydantic('union_tag_invalid', path, expectedTags(value, tags)),
  enum: (path, _, values) =>
    pydantic('enum', path, `Input should be ${values.map((name) => `'${name}'`).join(' or ')}`),
};

function expectedTags(value: unknown, tags: readonly string[]): string {
  return `Input tag '${String(value)}' found using 'type' does not match any of the expected tags: ${tags.map((tag) => `'${tag}'`).join(', ')}`;
}

function pydantic(type: string, path: Path, msg: string): Refusal {
  const detail = [{ type, loc: ['body', ...path.filter((step) => typeof step !== 'object')], msg }];
  return {
    status: 422,
    body: { object: 'error', message: { detail }, type: 'invalid_request_error', param: null, code: null },
  };
}

/** Groq tells of unknown fields of messages in a sentence of its own. */
const GROQ: Words = {
  ...OPENAI_WORDS,
  unknown: (path, field) => {
    const place = path.filter((step) => typeof step !== 'object').join('.');
    if (!place.startsWith('messages.')) {
      return openaiError(
        `property '${field}' is unsupported${place === '' ? '' : `, did you mean another of '${place}'?`}`,
      );
    }
    return openaiError(
      `'${place}' : for 'role:assistant' the following must be satisfied[('${place}' : property '${field}' is unsupported)]`,
    );
  },
};

const WORDS: Record<Dialect['words'], Words> = {
  openai: OPENAI_WORDS,
  serde: SERDE,
  pydantic: PYDANTIC,
  groq: GROQ,
};
