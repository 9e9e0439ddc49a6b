/** What Anthropic refuses in `messages` and `system`: roles, blocks, tool pairs, thinking; in the service's words. */
import { signatureFor } from './proof.ts';
import { anthropicError, type Body, isObject, objectsOf, type Refusal, type Rule } from './refusal.ts';

export const CONVERSATION_RULES: readonly Rule[] = [
  checkMessages,
  checkRoles,
  checkContents,
  checkToolResults,
  checkToolUses,
  checkThinkingComesFirst,
];

function checkMessages(body: Body): Refusal | undefined {
  if (!Array.isArray(body.messages)) return anthropicError('messages: Input should be a valid array');
  if (body.messages.length === 0) return anthropicError('messages: at least one message is required');
  return undefined;
}

/** `system` may stand among the messages (`SystemMessageParam`), but not first. */
function checkRoles(body: Body): Refusal | undefined {
  const roles = objectsOf(body.messages).map((message) => message.role);
  const bad = roles.findIndex((role) => role !== 'user' && role !== 'assistant' && role !== 'system');
  if (bad >= 0) return anthropicError(`messages: Unexpected role "${String(roles[bad])}".`);
  return roles[0] === 'user' ? undefined : anthropicError('messages: first message must use the "user" role');
}

function checkContents(body: Body): Refusal | undefined {
  const messages = objectsOf(body.messages);
  for (const block of objectsOf(body.system)) {
    if (isEmptyText(block)) return anthropicError('system: text content blocks must be non-empty');
  }
  for (const [index, message] of messages.entries()) {
    const last = index === messages.length - 1;
    const refusal = checkContent(message, `messages.${index}`, last && message.role === 'assistant');
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function checkContent(message: Body, at: string, prefill: boolean): Refusal | undefined {
  const { content } = message;
  if (content === undefined || content === null) return anthropicError(`${at}.content: Field required`);
  if (typeof content !== 'string' && !Array.isArray(content)) {
    return anthropicError(`${at}.content: Input should be a valid list`);
  }
  if (content.length === 0 && !prefill) {
    return anthropicError(
      `${at}: all messages must have non-empty content except for the optional final assistant message`,
    );
  }
  if (prefill && /\s$/.test(lastText(content))) {
    return anthropicError('messages: final assistant content cannot end with trailing whitespace');
  }
  for (const [index, block] of objectsOf(content).entries()) {
    const refusal = checkBlock(block, `${at}.content.${index}`);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function lastText(content: unknown): string {
  if (typeof content === 'string') return content;
  const block = objectsOf(content).at(-1);
  return block?.type === 'text' ? String(block.text) : '';
}

function isEmptyText(block: Body): boolean {
  return block.type === 'text' && block.text === '';
}

function checkBlock(block: Body, at: string): Refusal | undefined {
  switch (block.type) {
    case 'text':
      return isEmptyText(block)
        ? anthropicError('messages: text content blocks must be non-empty')
        : undefined;
    case 'tool_use':
      if (!isId(block.id)) return badId(`${at}.tool_use.id`);
      return isObject(block.input)
        ? undefined
        : anthropicError(`${at}.tool_use.input: Input should be a valid dictionary`);
    case 'tool_result':
      if (!isId(block.tool_use_id)) return badId(`${at}.tool_result.tool_use_id`);
      return objectsOf(block.content).some(isEmptyText)
        ? anthropicError('messages: text content blocks must be non-empty')
        : undefined;
    case 'thinking':
      return block.signature === signatureFor(String(block.thinking))
        ? undefined
        : anthropicError(`${at}: Invalid \`signature\` in \`thinking\` block`);
    case undefined:
      return anthropicError(`${at}.type: Field required`);
    default:
      return OTHER_BLOCKS.has(String(block.type))
        ? undefined
        : anthropicError(
            `${at}: Input tag '${String(block.type)}' found using 'type' does not match any of the expected tags`,
          );
  }
}

/** Known blocks without a rule here (`ContentBlockParam`). */
const OTHER_BLOCKS = new Set(
  `image document search_result redacted_thinking server_tool_use web_search_tool_result web_fetch_tool_result
   code_execution_tool_result bash_code_execution_tool_result text_editor_code_execution_tool_result
   tool_search_tool_result container_upload`.split(/\s+/),
);

function isId(value: unknown): boolean {
  return typeof value === 'string' && /^[a-zA-Z0-9_-]+$/.test(value);
}

function badId(at: string): Refusal {
  return anthropicError(`${at}: String should match pattern '^[a-zA-Z0-9_-]+$'`);
}

/** Every result belongs to a call in the message right before it. */
function checkToolResults(body: Body): Refusal | undefined {
  const messages = withoutSystem(body);
  for (const [index, message] of messages.entries()) {
    const called = toolUseIds(messages[index - 1]);
    for (const [place, block] of objectsOf(message.content).entries()) {
      if (block.type !== 'tool_result' || called.includes(block.tool_use_id)) continue;
      return anthropicError(
        `messages.${index}.content.${place}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${String(block.tool_use_id)}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`,
      );
    }
  }
  return undefined;
}

/** Every call is answered at the head of the next user message: other blocks stand behind the results. */
function checkToolUses(body: Body): Refusal | undefined {
  const messages = withoutSystem(body);
  for (const [index, message] of messages.entries()) {
    const answered = leadingResultIds(messages[index + 1]);
    const open = toolUseIds(message).filter((id) => !answered.includes(id));
    if (open.length === 0) continue;
    return anthropicError(
      `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${open.join(', ')}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
    );
  }
  return undefined;
}

function withoutSystem(body: Body): Body[] {
  return objectsOf(body.messages).filter((message) => message.role !== 'system');
}

function toolUseIds(message: Body | undefined): unknown[] {
  if (message?.role !== 'assistant') return [];
  return objectsOf(message.content)
    .filter((block) => block.type === 'tool_use')
    .map((block) => block.id);
}

function leadingResultIds(message: Body | undefined): unknown[] {
  const blocks = message?.role === 'user' ? objectsOf(message.content) : [];
  const end = blocks.findIndex((block) => block.type !== 'tool_result');
  return blocks.slice(0, end < 0 ? blocks.length : end).map((block) => block.tool_use_id);
}

/** With `thinking: enabled`, an assistant turn whose tools were just answered must start with its thinking. */
function checkThinkingComesFirst(body: Body): Refusal | undefined {
  if (!isObject(body.thinking) || body.thinking.type !== 'enabled') return undefined;
  const messages = withoutSystem(body);
  const index = messages.length - 2;
  if (leadingResultIds(messages.at(-1)).length === 0) return undefined;
  const first = objectsOf(messages[index]?.content)[0]?.type;
  if (first === 'thinking' || first === 'redacted_thinking') return undefined;
  return anthropicError(
    `messages.${index}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${String(first)}\`. When \`thinking\` is enabled, a final \`assistant\` message must start with a thinking block (preceeding the lastmost set of \`tool_use\` and \`tool_result\` blocks).`,
  );
}
