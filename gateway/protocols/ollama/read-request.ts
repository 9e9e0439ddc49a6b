/** Reads the requests that ask a model. */
import { GatewayError } from '../../errors.ts';
import { Dropped } from '../canonical/dropped.ts';
import { readJsonObject } from '../inference-body.ts';
import { isObject, type JsonObject, parseObject } from '../json.ts';
import {
  COMMON_FIELDS,
  idleReason,
  modelOf,
  type OllamaAsked,
  type OllamaRoute,
  otherFields,
} from './asked.ts';
import { badField, textOf } from './fields.ts';
import { imageParts } from './images.ts';
import { chatMessages } from './messages.ts';
import { readOptions } from './options.ts';
import { readFormat, readThink } from './wishes.ts';

/**
 * @returns null for what is OpenAI's, on the route that both have: it goes on as it came
 * @throws GatewayError `invalid_request`, `invalid_messages`
 */
export function readRequest(route: OllamaRoute, bytes: Buffer): OllamaAsked | null {
  const { text, json } = readJsonObject(bytes);
  if (route === 'embeddings' && json.prompt === undefined && json.input !== undefined) return null;
  // Parsed anew: numbers must keep the digits that a double would lose.
  return READERS[route](parseObject(text) ?? {});
}

const READERS: Readonly<Record<OllamaRoute, (body: JsonObject) => OllamaAsked>> = {
  chat: readChat,
  generate: readGenerate,
  embed: readEmbed,
  embeddings: readEmbeddings,
};

function readChat(body: JsonObject): OllamaAsked {
  const messages = body.messages ?? [];
  if (!Array.isArray(messages)) throw new GatewayError('invalid_messages', '`messages` must be an array.');
  const stream = streams(body);
  if (messages.length === 0) return idle(body, 'chat', stream);
  const { tools } = body;
  const choice = toolChoice(body);
  const known = ['messages', 'tools', 'format', 'think', ...Object.keys(choice)];
  return chat(body, known, stream, {
    messages: chatMessages(messages),
    ...(tools === undefined || tools === null ? {} : { tools }),
    ...choice,
  });
}

/** Ollama has none, but clients made from OpenAI's send it (Cline does); other forms than OpenAI's are left out. */
function toolChoice({ tool_choice: choice }: JsonObject): JsonObject {
  const isWord = choice === 'auto' || choice === 'none' || choice === 'required';
  const names = isObject(choice) && choice.type === 'function' && isObject(choice.function);
  return isWord || names ? { tool_choice: choice } : {};
}

/**
 * A prompt is what the user says. One with a suffix, or one that is to reach the model as it stands (`raw`), is what
 * completions are for, which not every provider has.
 */
function readGenerate(body: JsonObject): OllamaAsked {
  const prompt = textOf(body.prompt, 'prompt');
  const suffix = textOf(body.suffix, 'suffix');
  const stream = streams(body);
  const images = imageParts(body.images, 'images');
  if (prompt === '' && suffix === '' && images.length === 0) return idle(body, 'chat', stream);
  if (suffix !== '' || body.raw === true) return completion(body, prompt, suffix, stream);
  const system = textOf(body.system, 'system');
  const said = prompt === '' ? [] : [{ type: 'text', text: prompt }];
  const known = ['prompt', 'suffix', 'system', 'images', 'format', 'think', 'raw'];
  return chat(body, known, stream, {
    messages: [
      ...(system === '' ? [] : [{ role: 'system', content: system }]),
      { role: 'user', content: images.length === 0 ? prompt : [...said, ...images] },
    ],
  });
}

function chat(body: JsonObject, known: readonly string[], stream: boolean, asked: JsonObject): OllamaAsked {
  const { fields, leftOut } = readOptions(body.options, 'chat');
  return {
    endpoint: 'chat',
    body: {
      ...{ model: modelOf(body), ...asked, ...fields, ...readFormat(body.format), ...readThink(body.think) },
      ...streamFields(stream),
    },
    leftOut: named(leftOut, otherFields(body, [...COMMON_FIELDS, ...known])),
    ...{ stream, idle: null },
  };
}

function completion(body: JsonObject, prompt: string, suffix: string, stream: boolean): OllamaAsked {
  const { fields, leftOut } = readOptions(body.options, 'completions');
  return {
    endpoint: 'completions',
    body: {
      ...{ model: modelOf(body), prompt, ...(suffix === '' ? {} : { suffix }), ...fields },
      ...streamFields(stream),
    },
    leftOut: named(leftOut, otherFields(body, [...COMMON_FIELDS, 'prompt', 'suffix', 'raw'])),
    ...{ stream, idle: null },
  };
}

/** The last line of a stream tells the tokens. */
function streamFields(stream: boolean): JsonObject {
  return stream ? { stream, stream_options: { include_usage: true } } : { stream };
}

function readEmbed(body: JsonObject): OllamaAsked {
  const { input, dimensions } = body;
  const isText = typeof input === 'string';
  const isTexts = Array.isArray(input) && input.every((text) => typeof text === 'string');
  if (input !== undefined && input !== null && !isText && !isTexts)
    throw badField('input', 'must be a string or an array of strings.');
  if (input === undefined || input === null || input === '' || (isTexts && input.length === 0))
    return idle(body, 'embeddings', false);
  const known = ['input', 'dimensions'];
  return embedding(body, known, {
    input,
    ...(dimensions === undefined || dimensions === null ? {} : { dimensions }),
  });
}

/** The older route: one text, and one vector. */
function readEmbeddings(body: JsonObject): OllamaAsked {
  const prompt = textOf(body.prompt, 'prompt');
  return prompt === '' ? idle(body, 'embeddings', false) : embedding(body, ['prompt'], { input: prompt });
}

function embedding(body: JsonObject, known: readonly string[], asked: JsonObject): OllamaAsked {
  return {
    endpoint: 'embeddings',
    body: { model: modelOf(body), ...asked },
    // A text that is too long is the provider's to refuse: `truncate` cannot be asked for.
    leftOut: named(otherFields(body, ['model', 'name', 'stream', ...known])),
    ...{ stream: false, idle: null },
  };
}

/** The model must still be one that the caller may use, so there is a body that names it. */
function idle(body: JsonObject, endpoint: 'chat' | 'embeddings', stream: boolean): OllamaAsked {
  const asked = endpoint === 'chat' ? { messages: [{ role: 'user', content: '' }] } : { input: '' };
  return {
    ...{ endpoint, body: { model: modelOf(body), ...asked }, leftOut: null },
    ...{ stream, idle: idleReason(body) },
  };
}

function streams({ stream }: JsonObject): boolean {
  if (stream === undefined || stream === null) return true;
  if (typeof stream !== 'boolean') throw badField('stream', 'must be true or false.');
  return stream;
}

function named(...names: string[][]): string | null {
  const dropped = new Dropped();
  dropped.add(...names.flat());
  return dropped.text;
}
