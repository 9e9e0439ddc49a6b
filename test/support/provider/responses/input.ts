/** What OpenAI refuses in `input`: items, their ids, calls and outputs, reasoning. */
import { reasoningFacts } from '../openai/models.ts';
import { checkFileData, checkImageUrl, idsOf, unanswered } from '../openai/rules.ts';
import { invalidType, invalidValue, missing, OPENAI_WORDS, tooLong } from '../openai/words.ts';
import { isEncryptedFor } from '../proof.ts';
import {
  type Body,
  firstOf,
  isObject,
  objectsOf,
  openaiError,
  type Refusal,
  type Rule,
  type RuleContext,
} from '../refusal.ts';
import { checkShape, tagged } from '../shape.ts';
import { INPUT_PARTS, ITEM, OUTPUT_PARTS } from './shapes.ts';

export const INPUT_RULES: readonly Rule[] = [
  checkInput,
  checkItems,
  checkUniqueIds,
  checkReferences,
  checkReasoningIsAllowed,
  checkReasoning,
  checkPairs,
];

function checkInput(body: Body): Refusal | undefined {
  if (typeof body.input === 'string' || Array.isArray(body.input)) return undefined;
  if (body.input !== undefined)
    return invalidType('input', 'one of a string or array of input items', body.input);
  return openaiError(
    'One of "input" or "previous_response_id" or \'prompt\' or \'conversation_id\' must be provided.',
    { code: 'missing_required_parameter' },
  );
}

/** What an item's id begins with. */
const ID_PREFIXES: Readonly<Record<string, string>> = {
  message: 'msg',
  function_call: 'fc',
  custom_tool_call: 'ctc',
  reasoning: 'rs',
};

/** AnswerDotAI/fastllm#45. */
const LONGEST_ID = 64;

function checkItems(body: Body): Refusal | undefined {
  return firstOf(objectsOf(body.input), (item, index) => {
    const at = `input[${index}]`;
    // What a reference lacks of an item is no fault.
    const shape =
      item.type === undefined && item.role === undefined && item.id !== undefined ? undefined : ITEM;
    return (
      (shape === undefined ? undefined : checkShape(item, shape, OPENAI_WORDS, ['input', index])) ??
      checkIds(item, at) ??
      ((item.type ?? 'message') === 'message' && item.role !== undefined
        ? checkMessage(item, index)
        : undefined) ??
      checkMedia(item.content, `${at}.content`) ??
      checkMedia(item.output, `${at}.output`)
    );
  });
}

function checkIds(item: Body, at: string): Refusal | undefined {
  const prefix = ID_PREFIXES[String(item.type ?? 'message')];
  const { id, call_id } = item;
  if (prefix !== undefined && typeof id === 'string' && !id.startsWith(prefix)) {
    return openaiError(`Invalid '${at}.id': '${id}'. Expected an ID that begins with '${prefix}'.`, {
      param: `${at}.id`,
      code: 'invalid_value',
    });
  }
  for (const [name, value] of Object.entries({ id, call_id })) {
    if (typeof value === 'string' && value.length > LONGEST_ID) {
      return tooLong(`${at}.${name}`, 'string', LONGEST_ID, value.length);
    }
  }
  return undefined;
}

const ROLES = ['assistant', 'system', 'developer', 'user'];

/** What a role may say: the assistant `output_text`, the others `input_text`. */
function checkMessage(item: Body, index: number): Refusal | undefined {
  const at = `input[${index}]`;
  if (!ROLES.includes(String(item.role))) return invalidValue(`${at}.role`, item.role, ROLES);
  if (typeof item.content === 'string') return undefined;
  if (!Array.isArray(item.content)) {
    return invalidType(`${at}.content`, 'one of a string or array of objects', item.content);
  }
  const parts = item.role === 'assistant' ? OUTPUT_PARTS : INPUT_PARTS;
  const known = Object.keys(parts);
  return firstOf(item.content, (part, place) => {
    const type = isObject(part) ? part.type : undefined;
    if (!known.includes(String(type))) return invalidValue(`${at}.content[${place}]`, type, known);
    return checkShape(part, tagged(parts), OPENAI_WORDS, ['input', index, 'content', place]);
  });
}

function checkMedia(parts: unknown, at: string): Refusal | undefined {
  return firstOf(objectsOf(parts), (part, index) => {
    const here = `${at}[${index}]`;
    if (part.type === 'input_image' && typeof part.image_url === 'string') {
      return checkImageUrl(`${here}.image_url`, part.image_url);
    }
    return part.type === 'input_file' ? checkFileData(`${here}.file_data`, part.file_data) : undefined;
  });
}

/** github/copilot-cli#3560. */
function checkUniqueIds(body: Body): Refusal | undefined {
  const ids = idsOf(body.input, 'id').filter((id) => typeof id === 'string');
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  return twice === undefined
    ? undefined
    : openaiError(
        `Duplicate item found with id ${String(twice)}. Remove duplicate items from your input and try again.`,
        {
          param: 'input',
        },
      );
}

/** openai/openai-agents-python#2020. Reasoning without its encrypted form is looked up too. */
function checkReferences(body: Body, { stored }: RuleContext): Refusal | undefined {
  return firstOf(objectsOf(body.input), (item) => {
    const isReference =
      item.type === 'item_reference' || (item.type === undefined && item.role === undefined);
    const isBare =
      item.type === 'reasoning' &&
      (item.encrypted_content ?? undefined) === undefined &&
      objectsOf(item.content).length === 0;
    if (!isReference && !isBare) return undefined;
    if (typeof item.id !== 'string' || stored.has(item.id)) return undefined;
    const why =
      body.store === false
        ? ' Items are not persisted when `store` is set to false. Try again with `store` set to true, or remove this item from your input.'
        : '';
    return openaiError(`Item with id '${item.id}' not found.${why}`, { status: 404, param: 'input' });
  });
}

function checkReasoningIsAllowed(body: Body): Refusal | undefined {
  const thinks = objectsOf(body.input).some((item) => item.type === 'reasoning');
  return thinks && reasoningFacts(body.model) === null
    ? openaiError(
        'Reasoning input items can only be provided to a reasoning or computer use model. Remove reasoning items from your input and try again.',
        { param: 'input' },
      )
    : undefined;
}

/** Types of items that the model made and that reasoning may stand before. */
const MADE = ['message', 'function_call', 'custom_tool_call', 'web_search_call', 'item_reference'];

/** openai/openai-node#1567: reasoning is followed by what it led to. */
function checkReasoning(body: Body, { realm }: RuleContext): Refusal | undefined {
  const items = objectsOf(body.input);
  return firstOf(items, (item, index) => {
    if (item.type !== 'reasoning') return undefined;
    if (!Array.isArray(item.summary)) return missing(`input[${index}].summary`);
    const thinking = idsOf(item.summary, 'text').join('');
    const { encrypted_content: proof } = item;
    if (proof !== undefined && proof !== null && !isEncryptedFor(proof, thinking, realm)) {
      return openaiError(`The encrypted content for item ${String(item.id)} could not be verified.`, {
        code: 'invalid_encrypted_content',
      });
    }
    const next = items.slice(index + 1).find((later) => later.type !== 'reasoning');
    const type = String(next?.type ?? (next?.role === undefined ? 'item_reference' : 'message'));
    const isMade = MADE.includes(type) || type.endsWith('_call');
    if (next !== undefined && isMade && (type !== 'message' || next.role === 'assistant')) return undefined;
    return openaiError(
      `Item '${String(item.id)}' of type 'reasoning' was provided without its required following item.`,
      { param: 'input' },
    );
  });
}

/** Every call has its output somewhere in the input, and every output its call. */
function checkPairs(body: Body): Refusal | undefined {
  const items = objectsOf(body.input);
  const idsOfType = (type: string) =>
    idsOf(
      items.filter((item) => item.type === type),
      'call_id',
    );
  return firstOf(['function_call', 'custom_tool_call'], (call) => {
    const asked = idsOfType(call);
    const answered = idsOfType(`${call}_output`);
    const kind = call === 'function_call' ? 'function call' : 'custom tool call';
    const [open] = unanswered(asked, answered);
    if (open !== undefined)
      return openaiError(`No tool output found for ${kind} ${open}.`, { param: 'input' });
    const [stray] = unanswered(answered, asked);
    return stray === undefined
      ? undefined
      : openaiError(`No tool call found for ${kind} output with call_id ${stray}.`, { param: 'input' });
  });
}
