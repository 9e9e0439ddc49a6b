/**
 * What Google refuses of a generateContent request, in its words
 * (https://ai.google.dev/gemini-api/docs/function-calling, /thought-signatures, /structured-output).
 */
import { isThoughtSignatureFor } from '../proof.ts';
import { type Body, firstOf, isObject, objectsOf, type Refusal } from '../refusal.ts';
import { checkShape, type Path } from '../shape.ts';
import { googleError } from './errors.ts';
import { geminiFacts } from './models.ts';
import { GENERATE, GOOGLE_WORDS, SCHEMA_FIELDS, unknownSchemaField } from './shapes.ts';

/** @param realm whose thought signatures are taken back */
export function checkGenerate(body: Body, model: string, realm: string): Refusal | undefined {
  return (
    checkShape(body, GENERATE, GOOGLE_WORDS) ??
    checkSchemas(body) ??
    checkContents(body) ??
    checkTurns(body) ??
    checkSignatures(body, model, realm) ??
    checkFunctions(body) ??
    checkGeneration(isObject(body.generationConfig) ? body.generationConfig : {}, model)
  );
}

function checkSchemas(body: Body): Refusal | undefined {
  const config = isObject(body.generationConfig) ? body.generationConfig : {};
  return (
    firstOf(objectsOf(body.tools), (tool, index) =>
      firstOf(objectsOf(tool.functionDeclarations), (declared, place) =>
        checkSchema(declared.parameters, ['tools', index, 'functionDeclarations', place, 'parameters']),
      ),
    ) ?? checkSchema(config.responseSchema, ['generationConfig', 'responseSchema'])
  );
}

function checkSchema(schema: unknown, path: Path): Refusal | undefined {
  if (!isObject(schema)) return undefined;
  const unknown = Object.keys(schema).find((field) => !SCHEMA_FIELDS.has(field));
  if (unknown !== undefined) return unknownSchemaField(path, unknown);
  const properties = Object.entries(isObject(schema.properties) ? schema.properties : {});
  return (
    firstOf(properties, ([, inner], index) => checkSchema(inner, [...path, 'properties', index, 'value'])) ??
    firstOf(objectsOf(schema.anyOf), (inner, index) => checkSchema(inner, [...path, 'anyOf', index])) ??
    checkSchema(schema.items, [...path, 'items'])
  );
}

function checkContents(body: Body): Refusal | undefined {
  const contents = objectsOf(body.contents);
  if (contents.length === 0)
    return googleError('* GenerateContentRequest.contents: contents is not specified\n');
  return firstOf(contents, (content, index) => {
    if (content.role !== undefined && content.role !== 'user' && content.role !== 'model') {
      return googleError('Please use a valid role: user, model.');
    }
    const parts = objectsOf(content.parts);
    const empty = parts.findIndex((part) => !Object.keys(part).some((field) => DATA.has(field)));
    if (parts.length > 0 && empty < 0) return undefined;
    const place = `contents[${index}].parts${empty < 0 ? '' : `[${empty}].data`}`;
    return googleError(
      empty < 0
        ? `* GenerateContentRequest.${place}: contents.parts must not be empty.\n`
        : `* GenerateContentRequest.${place}: required oneof field 'data' must have one initialized field\n`,
    );
  });
}

/** One of these makes a part. */
const DATA = new Set([
  'text',
  'inlineData',
  'fileData',
  'functionCall',
  'functionResponse',
  'executableCode',
  'codeExecutionResult',
  'toolCall',
  'toolResponse',
]);

function named(content: Body | undefined, kind: 'functionCall' | 'functionResponse'): Body[] {
  return objectsOf(content?.parts).flatMap((part) => (isObject(part[kind]) ? [part[kind]] : []));
}

/** Calls stand behind the user's or the tools' turn, and all their responses in the turn right behind them. */
function checkTurns(body: Body): Refusal | undefined {
  const contents = objectsOf(body.contents);
  return firstOf(contents, (content, index) => {
    const calls = named(content, 'functionCall');
    const responses = named(content, 'functionResponse');
    const before = contents[index - 1];
    if (calls.length > 0 && before?.role !== 'user') {
      return googleError(
        'Please ensure that function call turn comes immediately after a user turn or after a function response turn.',
      );
    }
    const asked = named(before, 'functionCall');
    if (responses.length > 0 && asked.length === 0) {
      return googleError(
        'Please ensure that function response turn comes immediately after a function call turn.',
      );
    }
    const next = contents[index + 1];
    const missing =
      calls.length > 0 && next !== undefined && named(next, 'functionResponse').length !== calls.length;
    const strangers = responses.some((response) => !asked.some((call) => call.name === response.name));
    return missing || strangers
      ? googleError(
          'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.',
        )
      : undefined;
  });
}

/** Google's own way out for histories that another model made. */
const SENTINELS = ['skip_thought_signature_validator', 'context_engineering_is_the_way_to_go'];

/** Signatures that come back are looked at; in the turn that is going on, the first call of each step needs one. */
function checkSignatures(body: Body, model: string, realm: string): Refusal | undefined {
  const contents = objectsOf(body.contents);
  const asked = contents.findLastIndex(
    (content) => content.role === 'user' && named(content, 'functionResponse').length === 0,
  );
  return firstOf(contents, (content, index) => {
    const parts = objectsOf(content.parts);
    const forged = parts.some(({ thoughtSignature, functionCall }) => {
      if (typeof thoughtSignature !== 'string' || SENTINELS.includes(thoughtSignature)) return false;
      const name = isObject(functionCall) ? String(functionCall.name) : '';
      return !isThoughtSignatureFor(thoughtSignature, name, realm);
    });
    if (forged) return googleError('Corrupted thought signature.');
    const first = parts.find((part) => isObject(part.functionCall));
    if (index < asked || !geminiFacts(model).needsSignatures || first === undefined) return undefined;
    return first.thoughtSignature === undefined ? missingSignature(first, index) : undefined;
  });
}

function missingSignature({ functionCall }: Body, index: number): Refusal {
  const name = isObject(functionCall) ? String(functionCall.name) : '';
  return googleError(
    `Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance. Additional data, function call \`default_api:${name}\` , position ${index + 1}. Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures for more details.`,
  );
}

function checkFunctions(body: Body): Refusal | undefined {
  return firstOf(objectsOf(body.tools), (tool, index) =>
    firstOf(objectsOf(tool.functionDeclarations), (declared, place) => {
      if (/^[a-zA-Z_][a-zA-Z0-9_.:-]{0,127}$/.test(String(declared.name))) return undefined;
      return googleError(
        `* GenerateContentRequest.tools[${index}].function_declarations[${place}].name: Invalid function name. Must start with a letter or an underscore. Must be alphanumeric (a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 128.\n`,
      );
    }),
  );
}

function checkGeneration(config: Body, model: string): Refusal | undefined {
  const { temperature } = config;
  const { thinkingBudget, thinkingLevel } = isObject(config.thinkingConfig) ? config.thinkingConfig : {};
  const facts = geminiFacts(model);
  if (typeof temperature === 'number' && (temperature < 0 || temperature > 2)) {
    return googleError(
      `* GenerateContentRequest.generation_config.temperature: temperature must be in the range [0.0, 2.0].\n`,
    );
  }
  if (thinkingLevel !== undefined && !facts.levels) {
    return googleError('Thinking level is not supported for this model.');
  }
  if (thinkingLevel !== undefined && thinkingBudget !== undefined) {
    return googleError('You can only set one of thinking budget and thinking level.');
  }
  return thinkingBudget === 0 && facts.alwaysThinks
    ? googleError('Budget 0 is invalid. This model only works in thinking mode.')
    : undefined;
}
