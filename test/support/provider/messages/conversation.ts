/** What Anthropic refuses in `messages` and `system`: roles, blocks, thinking; in the service's words. */
import { isRedacted, isSignatureFor } from '../proof.ts';
import {
  anthropicError,
  type Body,
  firstOf,
  isObject,
  objectsOf,
  type Refusal,
  type Rule,
  type RuleContext,
} from '../refusal.ts';
import { claudeFacts } from './models.ts';
import { checkToolPairs, leadingResultIds, withoutSystem } from './tool-pairs.ts';

export const CONVERSATION_RULES: readonly Rule[] = [
  checkRoles,
  checkSystemMessages,
  checkContents,
  checkEmptyTurns,
  checkTexts,
  checkPrefill,
  checkToolPairs,
  checkThinkingComesFirst,
];

const SYSTEM_HINT = 'the directive-only form (content: [] with output_config) is accepted at any position';

function checkRoles(body: Body): Refusal | undefined {
  const messages = objectsOf(body.messages);
  if (messages.length === 0) return anthropicError('messages: at least one message is required');
  const roles = messages.map((message) => message.role);
  const bad = roles.findIndex((role) => role !== 'user' && role !== 'assistant' && role !== 'system');
  if (bad >= 0) {
    return anthropicError(
      `messages: Unexpected role "${String(roles[bad])}". Allowed roles are "user" or "assistant"`,
    );
  }
  if (roles[0] === 'system') {
    return anthropicError(
      `messages.0: use the top-level 'system' parameter for the initial system prompt; ${SYSTEM_HINT}`,
    );
  }
  return roles[0] === 'user' ? undefined : anthropicError('messages: first message must use the "user" role');
}

/** Newer models take them before an assistant's message, or last. A run of several is one. */
function checkSystemMessages(body: Body): Refusal | undefined {
  const messages = objectsOf(body.messages);
  return firstOf(messages, (message, index) => {
    if (message.role !== 'system') return undefined;
    if (claudeFacts(body.model)?.systemMessages === false) {
      return anthropicError("role 'system' is not supported on this model");
    }
    if (message.content === '' || (Array.isArray(message.content) && message.content.length === 0)) {
      return anthropicError(`messages.${index}: system content must contain at least one block`);
    }
    const next = messages[index + 1]?.role;
    if (next === undefined || next === 'assistant' || next === 'system') return undefined;
    return anthropicError(
      `messages.${index}: role 'system' must precede an 'assistant' message or end the array; ${SYSTEM_HINT}`,
    );
  });
}

function checkContents(body: Body, context: RuleContext): Refusal | undefined {
  return firstOf(objectsOf(body.messages), (message, index) =>
    firstOf(objectsOf(message.content), (block, place) =>
      checkBlock(block, `messages.${index}.content.${place}`, context),
    ),
  );
}

function checkBlock(block: Body, at: string, { realm }: RuleContext): Refusal | undefined {
  switch (block.type) {
    case 'tool_use':
      return isId(block.id) ? undefined : badId(`${at}.tool_use.id`);
    case 'tool_result':
      return checkResult(block, at);
    case 'thinking':
      return isSignatureFor(block.signature, String(block.thinking), realm)
        ? undefined
        : anthropicError(`${at}: Invalid \`signature\` in \`thinking\` block`);
    case 'redacted_thinking':
      return isRedacted(block.data, realm)
        ? undefined
        : anthropicError(`${at}: Invalid \`data\` in \`redacted_thinking\` block`);
    default:
      return checkSource(block, at);
  }
}

/** Errors are told in words: pictures may not stand in them. */
function checkResult(block: Body, at: string): Refusal | undefined {
  if (!isId(block.tool_use_id)) return badId(`${at}.tool_result.tool_use_id`);
  const parts = objectsOf(block.content);
  if (block.is_error === true && parts.some((part) => part.type !== 'text')) {
    return anthropicError(`${at}.tool_result: all content must be type \`text\` if \`is_error\` is true`);
  }
  return firstOf(parts, (part, index) => checkSource(part, `${at}.tool_result.content.${index}`));
}

/** Base64 is bare, and addresses are https. */
function checkSource(block: Body, at: string): Refusal | undefined {
  if ((block.type !== 'image' && block.type !== 'document') || !isObject(block.source)) return undefined;
  const { type, data, url } = block.source;
  const here = `${at}.${String(block.type)}.source`;
  if (type === 'base64' && !/^[A-Za-z0-9+/]+={0,2}$/.test(String(data))) {
    return anthropicError(`${here}.base64: invalid base64 data`);
  }
  return type === 'url' && !String(url).startsWith('https://')
    ? anthropicError(`${here}.url.url: Only HTTPS URLs are supported.`)
    : undefined;
}

function isId(value: unknown): boolean {
  return typeof value === 'string' && /^[a-zA-Z0-9_-]+$/.test(value);
}

function badId(at: string): Refusal {
  return anthropicError(`${at}: String should match pattern '^[a-zA-Z0-9_-]+$'`);
}

function isEmpty({ content }: Body): boolean {
  return content === '' || (Array.isArray(content) && content.length === 0);
}

/** Messages of one role in a row are one turn; a user's turn says something, and an assistant's unless it is last. */
function checkEmptyTurns(body: Body): Refusal | undefined {
  const messages = objectsOf(body.messages);
  return firstOf(messages, (message, index) => {
    if (messages[index - 1]?.role === message.role) return undefined;
    const end = messages.findIndex((later, place) => place > index && later.role !== message.role);
    const run = messages.slice(index, end < 0 ? messages.length : end);
    if (!run.every(isEmpty)) return undefined;
    if (message.role === 'user') {
      return anthropicError(`messages.${index}: user messages must have non-empty content`);
    }
    return end < 0
      ? undefined
      : anthropicError(
          `messages.${index}: all messages must have non-empty content except for the optional final assistant message`,
        );
  });
}

function checkTexts(body: Body): Refusal | undefined {
  const system = textFault(objectsOf(body.system), 'system');
  if (system !== undefined) return system;
  return firstOf(objectsOf(body.messages), (message) => {
    const blocks = objectsOf(message.content);
    const inResults = blocks.flatMap((block) =>
      block.type === 'tool_result' ? objectsOf(block.content) : [],
    );
    return textFault([...blocks, ...inResults], 'messages');
  });
}

/** Neither empty nor white space alone. */
function textFault(blocks: readonly Body[], where: string): Refusal | undefined {
  const blank = blocks.find((block) => block.type === 'text' && String(block.text).trim() === '');
  if (blank === undefined) return undefined;
  if (blank.text !== '') {
    return anthropicError(`${where}: text content blocks must contain non-whitespace text`);
  }
  return anthropicError(
    isObject(blank.cache_control)
      ? `${where}: cache_control cannot be set for empty text blocks`
      : `${where}: text content blocks must be non-empty`,
  );
}

function checkPrefill(body: Body): Refusal | undefined {
  const last = objectsOf(body.messages).at(-1);
  const text = last?.role === 'assistant' ? lastText(last.content) : '';
  if (text === '') return undefined;
  if (claudeFacts(body.model)?.prefill === false) {
    return anthropicError(
      'This model does not support assistant message prefill. The conversation must end with a user message.',
    );
  }
  return /\s$/.test(text)
    ? anthropicError('messages: final assistant content cannot end with trailing whitespace')
    : undefined;
}

function lastText(content: unknown): string {
  if (typeof content === 'string') return content;
  const block = objectsOf(content).at(-1);
  return block?.type === 'text' ? String(block.text) : '';
}

/** With `thinking: enabled`, the assistant's turn that is still going on must start with its thinking. */
function checkThinkingComesFirst(body: Body): Refusal | undefined {
  if (!isObject(body.thinking) || body.thinking.type !== 'enabled') return undefined;
  const messages = withoutSystem(body);
  const last = messages.at(-1);
  const goesOn = last?.role === 'assistant' && lastText(last.content) !== '';
  const index = goesOn ? messages.length - 1 : messages.length - 2;
  if (!goesOn && leadingResultIds(last).length === 0) return undefined;
  const content = messages[index]?.content;
  const first = typeof content === 'string' ? 'text' : objectsOf(content)[0]?.type;
  if (first === 'thinking' || first === 'redacted_thinking') return undefined;
  return anthropicError(
    `messages.${index}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${String(first)}\`. When \`thinking\` is enabled, a final \`assistant\` message must start with a thinking block (preceeding the lastmost set of \`tool_use\` and \`tool_result\` blocks).`,
  );
}
