/** What is refused in `messages`: roles, contents, calls and their results. */

import { reasoningFacts } from '../openai/models.ts';
import { checkFileData, checkImageUrl, checkToolName, idsOf, unanswered } from '../openai/rules.ts';
import { emptyArray, invalidType, invalidValue, missing, tooLong } from '../openai/words.ts';
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
import { checkShape } from '../shape.ts';
import type { Dialect } from './dialect.ts';
import { messageShapes } from './shapes.ts';
import { wordsOf } from './words.ts';

export const MESSAGE_RULES: readonly Rule[] = [
  checkMessages,
  checkToolPairs,
  checkUniqueIds,
  checkOrder,
  checkReasoning,
];

/** Under which a provider keeps reasoning that it sent as `reasoning_content`. */
export function reasoningKey(text: string): string {
  return `reasoning_content: ${text}`;
}

function checkMessages(body: Body, { dialect, stored }: RuleContext): Refusal | undefined {
  const { messages } = body;
  if (messages === undefined) return missing('messages');
  if (!Array.isArray(messages)) return invalidType('messages', 'an array of objects', messages);
  if (messages.length === 0) return emptyArray('messages');
  // A model that reasons takes messages without content; older ones do not.
  const silent = reasoningFacts(body.model) !== null;
  return firstOf(messages, (message, index) =>
    isObject(message)
      ? checkMessage(withoutOwnReasoning(message, stored), index, dialect, dialect.modelRules && silent)
      : invalidType(`messages[${index}]`, 'an object', message),
  );
}

/** Reasoning that this very provider sent is no unknown field to it. */
function withoutOwnReasoning(message: Body, stored: ReadonlySet<string>): Body {
  const { reasoning_content: text, ...rest } = message;
  return typeof text === 'string' && stored.has(reasoningKey(text)) ? rest : message;
}

function checkMessage(message: Body, index: number, dialect: Dialect, silent: boolean): Refusal | undefined {
  const at = `messages[${index}]`;
  const role = String(message.role);
  if (message.role === undefined) return missing(`${at}.role`);
  if (!dialect.roles.includes(role)) {
    return dialect.words === 'openai'
      ? invalidValue(`${at}.role`, role, dialect.roles)
      : wordsOf(dialect).enum(['messages', index, 'role'], role, dialect.roles);
  }
  return (
    checkPicturesAreTheUsers(message, role, at) ??
    checkShape(message, messageShapes(dialect)[role] ?? 'map', wordsOf(dialect), ['messages', index]) ??
    checkContent(message, role, at, silent) ??
    checkCalls(message, at, dialect)
  );
}

/** strands-agents/sdk-python#320. */
function checkPicturesAreTheUsers(message: Body, role: string, at: string): Refusal | undefined {
  if (role === 'user' || !objectsOf(message.content).some((part) => part.type === 'image_url'))
    return undefined;
  return openaiError(
    `Invalid '${at}'. Image URLs are only allowed for messages with role 'user', but this message with role '${role}' contains an image URL.`,
    { param: at, code: 'invalid_value' },
  );
}

/** Only an assistant message may lack content, and only when it says something in another way. */
function checkContent(message: Body, role: string, at: string, silent: boolean): Refusal | undefined {
  const { content } = message;
  if (content === null || content === undefined) {
    const saysOtherwise = ['tool_calls', 'function_call', 'refusal', 'audio'].some((field) => message[field]);
    if (silent || role === 'function' || (role === 'assistant' && saysOtherwise)) return undefined;
    return openaiError("Invalid value for 'content': expected a string, got null.", {
      param: `${at}.content`,
    });
  }
  if (Array.isArray(content) && content.length === 0) return emptyArray(`${at}.content`);
  return firstOf(objectsOf(content), (part, index) => {
    const here = `${at}.content[${index}]`;
    if (part.type === 'image_url' && isObject(part.image_url)) {
      return checkImageUrl(`${here}.image_url.url`, part.image_url.url);
    }
    return part.type === 'file' && isObject(part.file)
      ? checkFileData(`${here}.file.file_data`, part.file.file_data)
      : undefined;
  });
}

function checkCalls(message: Body, at: string, dialect: Dialect): Refusal | undefined {
  const { tool_calls: calls, tool_call_id: answers } = message;
  if (Array.isArray(calls) && calls.length === 0) return emptyArray(`${at}.tool_calls`);
  const tooLongId =
    typeof answers === 'string' ? checkCallId(answers, `${at}.tool_call_id`, dialect) : undefined;
  return (
    tooLongId ??
    firstOf(objectsOf(calls), (call, index) => {
      const here = `${at}.tool_calls[${index}]`;
      const kind = call.type === 'custom' ? 'custom' : 'function';
      const inner = isObject(call[kind]) ? call[kind] : {};
      return (
        checkCallId(String(call.id), `${here}.id`, dialect) ??
        checkToolName(`${here}.${kind}.name`, inner.name)
      );
    })
  );
}

function checkCallId(id: string, at: string, { callId, longestCallId }: Dialect): Refusal | undefined {
  if (callId !== undefined && !callId.test(id)) {
    return openaiError(`Tool call id was ${id} but must be a-z, A-Z, 0-9, with a length of 9.`, {
      type: 'invalid_function_call',
      code: '3280',
    });
  }
  return id.length > longestCallId ? tooLong(at, 'string', longestCallId, id.length) : undefined;
}

/** Every call is answered by tool messages right behind it, and no tool message stands elsewhere. */
function checkToolPairs(body: Body): Refusal | undefined {
  const messages = objectsOf(body.messages);
  let open: unknown[] = [];
  return firstOf(messages, (message, index) => {
    if (message.role === 'tool')
      return open.includes(message.tool_call_id) ? undefined : strayToolMessage(index);
    open = idsOf(message.tool_calls, 'id');
    const behind = messages.slice(index + 1);
    const end = behind.findIndex((next) => next.role !== 'tool');
    const left = unanswered(open, idsOf(end < 0 ? behind : behind.slice(0, end), 'tool_call_id'));
    return left.length > 0 ? unansweredCalls(index + 1, left) : undefined;
  });
}

function strayToolMessage(index: number): Refusal {
  return openaiError(
    "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
    { param: `messages.[${index}].role` },
  );
}

function unansweredCalls(index: number, ids: string[]): Refusal {
  return openaiError(
    `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${ids.join(', ')}`,
    { param: `messages.[${index}].role` },
  );
}

/** Within one message ids differ: a call of the same id twice would be answered once. */
function checkUniqueIds(body: Body): Refusal | undefined {
  return firstOf(objectsOf(body.messages), (message, index) => {
    const ids = idsOf(message.tool_calls, 'id');
    const twice = ids.find((id, place) => ids.indexOf(id) !== place);
    return twice === undefined
      ? undefined
      : openaiError(`Duplicate value for 'tool_call_id' of ${String(twice)} in message[${index}]`);
  });
}

function checkOrder(body: Body, { dialect }: RuleContext): Refusal | undefined {
  const roles = objectsOf(body.messages).map((message) => String(message.role));
  const { afterTool, lastRoles } = dialect;
  const orderError = (message: string) =>
    openaiError(message, { type: 'invalid_request_message_order', code: '3230' });
  const bad = roles.findIndex(
    (role, index) => afterTool !== undefined && roles[index - 1] === 'tool' && !afterTool.includes(role),
  );
  if (bad > 0) return orderError(`Unexpected role '${roles[bad]}' after role 'tool'`);
  const last = objectsOf(body.messages).at(-1);
  if (lastRoles === undefined || lastRoles.includes(String(last?.role)) || last?.prefix === true)
    return undefined;
  return orderError(
    `Expected last role User or Tool (or Assistant with prefix True) for serving but got ${String(last?.role)}`,
  );
}

/** A text must come back, '' too; only where tools were called. */
function checkReasoning(body: Body, { dialect }: RuleContext): Refusal | undefined {
  const off = isObject(body.thinking) && body.thinking.type === 'disabled';
  if (!dialect.reasoningBack || off) return undefined;
  const forgotten = objectsOf(body.messages).some(
    (message) => objectsOf(message.tool_calls).length > 0 && typeof message.reasoning_content !== 'string',
  );
  return forgotten
    ? openaiError('The `reasoning_content` in the thinking mode must be passed back to the API.', {
        code: 'invalid_request_error',
      })
    : undefined;
}
