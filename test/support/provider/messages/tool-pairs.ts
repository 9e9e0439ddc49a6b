/** Calls and results in Anthropic's conversations: which belongs to which, and where it must stand. */
import { anthropicError, type Body, firstOf, objectsOf, type Refusal } from '../refusal.ts';

export function checkToolPairs(body: Body): Refusal | undefined {
  return checkUniqueUses(body) ?? checkSingleResults(body) ?? checkToolResults(body) ?? checkToolUses(body);
}

/** Ids differ throughout the conversation. */
function checkUniqueUses(body: Body): Refusal | undefined {
  const seen = new Set<unknown>();
  return firstOf(objectsOf(body.messages), (message, index) =>
    firstOf(objectsOf(message.content), (block, place) => {
      if (block.type !== 'tool_use') return undefined;
      if (seen.has(block.id)) {
        return anthropicError(`messages.${index}.content.${place}: \`tool_use\` ids must be unique`);
      }
      seen.add(block.id);
      return undefined;
    }),
  );
}

function checkSingleResults(body: Body): Refusal | undefined {
  return firstOf(objectsOf(body.messages), (message, index) => {
    const ids = objectsOf(message.content).map((block) =>
      block.type === 'tool_result' ? block.tool_use_id : undefined,
    );
    const place = ids.findIndex((id, at) => id !== undefined && ids.indexOf(id) !== at);
    return place < 0
      ? undefined
      : anthropicError(
          `messages.${index}.content.${place}: each tool_use must have a single result. Found multiple \`tool_result\` blocks with id: ${String(ids[place])}`,
        );
  });
}

/** Every result belongs to a call in the turn right before it. */
function checkToolResults(body: Body): Refusal | undefined {
  const messages = withoutSystem(body);
  return firstOf(messages, (message, index) => {
    const called = toolUseIds(messages[index - 1]);
    return firstOf(objectsOf(message.content), (block, place) =>
      block.type !== 'tool_result' || called.includes(block.tool_use_id)
        ? undefined
        : anthropicError(
            `messages.${index}.content.${place}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${String(block.tool_use_id)}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`,
          ),
    );
  });
}

/** Every call is answered at the head of the next user message: other blocks stand behind the results. */
function checkToolUses(body: Body): Refusal | undefined {
  const messages = withoutSystem(body);
  return firstOf(messages, (message, index) => {
    const answered = leadingResultIds(messages[index + 1]);
    const open = toolUseIds(message).filter((id) => !answered.includes(id));
    return open.length === 0
      ? undefined
      : anthropicError(
          `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${open.join(', ')}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
        );
  });
}

export function withoutSystem(body: Body): Body[] {
  return objectsOf(body.messages).filter((message) => message.role !== 'system');
}

function toolUseIds(message: Body | undefined): unknown[] {
  if (message?.role !== 'assistant') return [];
  return objectsOf(message.content)
    .filter((block) => block.type === 'tool_use')
    .map((block) => block.id);
}

export function leadingResultIds(message: Body | undefined): unknown[] {
  const blocks = message?.role === 'user' ? objectsOf(message.content) : [];
  const end = blocks.findIndex((block) => block.type !== 'tool_result');
  return blocks.slice(0, end < 0 ? blocks.length : end).map((block) => block.tool_use_id);
}
