/**
 * The shape of a generateContent request (https://ai.google.dev/api/generate-content, /api/caching#Content).
 * Google also takes snake_case; its SDKs and the AI SDK send camelCase, and only that is known here.
 */

import { object, type Path, type Shape, textOr, type Words } from '../shape.ts';
import { googleError } from './errors.ts';

type Fields = Record<string, unknown>;

const BLOB = object<Fields>({ mimeType: 'string', data: 'string', displayName: 'string' }, [
  'mimeType',
  'data',
]);

const PART = object<Fields>({
  text: 'string',
  thought: 'boolean',
  thoughtSignature: 'string',
  inlineData: BLOB,
  fileData: object<Fields>({ mimeType: 'string', fileUri: 'string', displayName: 'string' }, ['fileUri']),
  functionCall: object<Fields>({ id: 'string', name: 'string', args: 'map' }, ['name']),
  functionResponse: object<Fields>(
    {
      id: 'string',
      name: 'string',
      response: 'map',
      willContinue: 'boolean',
      scheduling: 'string',
      parts: [object<Fields>({ inlineData: BLOB, fileData: 'map' })],
    },
    ['name', 'response'],
  ),
  executableCode: 'map',
  codeExecutionResult: 'map',
  toolCall: 'map',
  toolResponse: 'map',
  videoMetadata: 'map',
  mediaResolution: 'any',
});

const CONTENT = object<Fields>({ role: 'string', parts: [PART] });

const FUNCTION = object<Fields>(
  {
    name: 'string',
    description: 'string',
    behavior: 'string',
    parameters: 'map',
    parametersJsonSchema: 'any',
    response: 'map',
    responseJsonSchema: 'any',
  },
  ['name'],
);

const GENERATION = object<Fields>({
  stopSequences: ['string'],
  responseMimeType: 'string',
  responseSchema: 'map',
  responseJsonSchema: 'any',
  responseModalities: ['string'],
  candidateCount: 'integer',
  maxOutputTokens: 'integer',
  temperature: 'number',
  topP: 'number',
  topK: 'number',
  seed: 'integer',
  presencePenalty: 'number',
  frequencyPenalty: 'number',
  responseLogprobs: 'boolean',
  logprobs: 'integer',
  enableEnhancedCivicAnswers: 'boolean',
  speechConfig: 'map',
  thinkingConfig: object<Fields>({
    includeThoughts: 'boolean',
    thinkingBudget: 'integer',
    thinkingLevel: 'string',
  }),
  imageConfig: 'map',
  mediaResolution: 'string',
  audioTimestamp: 'boolean',
});

const TOOL = object<Fields>({
  functionDeclarations: [FUNCTION],
  googleSearchRetrieval: 'map',
  codeExecution: 'map',
  googleSearch: 'map',
  computerUse: 'map',
  urlContext: 'map',
  fileSearch: 'map',
  googleMaps: 'map',
});

export const GENERATE = object<Fields>({
  model: 'string',
  contents: [CONTENT],
  tools: [TOOL],
  toolConfig: object<Fields>({
    functionCallingConfig: object<Fields>({ mode: 'string', allowedFunctionNames: ['string'] }),
    retrievalConfig: 'map',
    includeServerSideToolInvocations: 'boolean',
  }),
  safetySettings: ['map'],
  systemInstruction: textOr(CONTENT),
  generationConfig: GENERATION,
  cachedContent: 'string',
  serviceTier: 'string',
  labels: 'map',
  store: 'boolean',
});

/** Fields of `parameters` and `responseSchema`: a part of OpenAPI's schema (https://ai.google.dev/api/caching#Schema). */
export const SCHEMA_FIELDS = new Set(
  `type format title description nullable enum maxItems minItems properties required minProperties maxProperties
   minLength maxLength pattern example anyOf propertyOrdering default items minimum maximum`.split(/\s+/),
);

/** `tools[0].function_declarations[0].parameters`. */
export function googlePath(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (typeof step === 'string') text += `${text === '' ? '' : '.'}${snake(step)}`;
  }
  return text;
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

export const GOOGLE_WORDS: Words = {
  unknown: (path, field) => {
    const place = googlePath(path);
    return badField(
      place,
      `Unknown name "${field}"${place === '' ? '' : ` at '${place}'`}: Cannot find field.`,
    );
  },
  missing: (path, field) => {
    const place = googlePath([...path, field]);
    return googleError(`* GenerateContentRequest.${place}: ${place} must be specified.`);
  },
  type: (path, shape, value) => {
    const place = googlePath(path);
    const type = typeof shape === 'string' ? TYPES[shape] : 'TYPE_MESSAGE';
    return badField(place, `Invalid value at '${place}' (${type}), ${JSON.stringify(value)}`);
  },
  tag: () => undefined,
  enum: () => undefined,
};

const TYPES: Readonly<Record<Extract<Shape, string>, string>> = {
  any: 'TYPE_MESSAGE',
  map: 'TYPE_MESSAGE',
  string: 'TYPE_STRING',
  boolean: 'TYPE_BOOL',
  integer: 'TYPE_INT32',
  number: 'TYPE_FLOAT',
};

function badField(field: string, what: string) {
  const description = `Invalid JSON payload received. ${what}`;
  const violations = {
    '@type': 'type.googleapis.com/google.rpc.BadRequest',
    fieldViolations: [{ field, description }],
  };
  return googleError(what.startsWith('Unknown') ? description : what, 400, [violations]);
}

export function unknownSchemaField(path: Path, field: string) {
  return GOOGLE_WORDS.unknown(path, field);
}
