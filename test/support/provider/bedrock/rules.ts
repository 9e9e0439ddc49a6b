/**
 * What Bedrock refuses of a Converse request, in its words
 * (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html,
 * https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference.html). Unknown fields are ignored.
 */
import { DIALECTS } from '../chat/dialect.ts';
import { SETTINGS_RULES } from '../messages/settings.ts';
import { messagesShape } from '../messages/shapes.ts';
import { ANTHROPIC_WORDS } from '../messages/words.ts';
import { isRedacted, isSignatureFor } from '../proof.ts';
import { type Body, firstOf, firstRefusal, isObject, objectsOf, type Refusal } from '../refusal.ts';
import { checkShape } from '../shape.ts';
import { bedrockError } from './errors.ts';

/** @param realm whose proofs of thinking are taken back */
export function checkConverse(body: Body, model: string, realm: string): Refusal | undefined {
  return (
    checkRoles(body) ??
    checkContents(body, realm) ??
    checkTools(body) ??
    checkToolPairs(body) ??
    checkClaude(body, model, realm)
  );
}

function checkRoles(body: Body): Refusal | undefined {
  const roles = objectsOf(body.messages).map((message) => message.role);
  if (roles[0] !== 'user') {
    return bedrockError(
      'A conversation must start with a user message. Try again with a conversation that starts with a user message.',
    );
  }
  return roles.some((role, index) => role === roles[index - 1])
    ? bedrockError(
        'A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.',
      )
    : undefined;
}

function checkContents(body: Body, realm: string): Refusal | undefined {
  return firstOf(objectsOf(body.messages), (message, index) => {
    const blocks = objectsOf(message.content);
    if (blocks.length === 0) {
      return bedrockError(
        `The content field in the Message object at messages.${index} is empty. Add a ContentBlock object to the content field and try again.`,
      );
    }
    return firstOf(blocks, (block, place) => checkBlock(block, `messages.${index}.content.${place}`, realm));
  });
}

function checkBlock(block: Body, at: string, realm: string): Refusal | undefined {
  if (typeof block.text === 'string' && block.text.trim() === '') {
    return bedrockError(
      `The text field in the ContentBlock object at ${at} is blank. Add text to the text field, and try again.`,
    );
  }
  const document = isObject(block.document) ? block.document : undefined;
  if (document !== undefined && !/^[a-zA-Z0-9()[\]-]+( [a-zA-Z0-9()[\]-]+)*$/.test(String(document.name))) {
    return bedrockError(
      "The file name can only contain alphanumeric characters, whitespace characters, hyphens, parentheses, and square brackets. The name can't contain more than one consecutive whitespace character.",
    );
  }
  return isObject(block.reasoningContent) ? checkReasoning(block.reasoningContent, at, realm) : undefined;
}

function checkReasoning(reasoning: Body, at: string, realm: string): Refusal | undefined {
  const { reasoningText: shown, redactedContent: hidden } = reasoning;
  if (hidden !== undefined && !isRedacted(hidden, realm)) {
    return modelError(`${at}: Invalid \`data\` in \`redacted_thinking\` block`);
  }
  if (!isObject(shown) || isSignatureFor(shown.signature, String(shown.text), realm)) return undefined;
  return modelError(`${at}: Invalid \`signature\` in \`thinking\` block`);
}

function modelError(message: string): Refusal {
  return bedrockError(`The model returned the following errors: ${message}`);
}

function toolBlocks(message: Body | undefined, kind: 'toolUse' | 'toolResult'): Body[] {
  return objectsOf(message?.content).flatMap((block) => (isObject(block[kind]) ? [block[kind]] : []));
}

function checkTools(body: Body): Refusal | undefined {
  const config = isObject(body.toolConfig) ? body.toolConfig : undefined;
  const used = objectsOf(body.messages).some(
    (message) => toolBlocks(message, 'toolUse').length + toolBlocks(message, 'toolResult').length > 0,
  );
  if (used && config === undefined) {
    return bedrockError(
      'The toolConfig field must be defined when using toolUse and toolResult content blocks.',
    );
  }
  return firstOf(objectsOf(config?.tools), (tool, index) => {
    const name = isObject(tool.toolSpec) ? String(tool.toolSpec.name) : undefined;
    if (name === undefined || /^[a-zA-Z0-9_-]{1,64}$/.test(name)) return undefined;
    const at = `toolConfig.tools.${index + 1}.member.toolSpec.name`;
    const rule =
      name.length > 64
        ? 'Member must have length less than or equal to 64'
        : 'Member must satisfy regular expression pattern: [a-zA-Z0-9_-]+';
    return bedrockError(
      `1 validation error detected: Value '${name}' at '${at}' failed to satisfy constraint: ${rule}`,
    );
  });
}

/** All results of a turn's calls stand in the turn right behind it, and no other results do. */
function checkToolPairs(body: Body): Refusal | undefined {
  const messages = objectsOf(body.messages);
  return firstOf(messages, (message, index) => {
    const asked = toolBlocks(messages[index - 1], 'toolUse').map((use) => use.toolUseId);
    const answered = toolBlocks(message, 'toolResult').map((result) => result.toolUseId);
    const open = asked.filter((id) => !answered.includes(id));
    if (open.length > 0) {
      return bedrockError(
        `Expected toolResult blocks at messages.${index}.content for the following Ids: ${open.join(', ')}`,
      );
    }
    return answered.length > asked.length
      ? bedrockError(
          `The number of toolResult blocks at messages.${index}.content exceeds the number of toolUse blocks of previous turn.`,
        )
      : undefined;
  });
}

/** Anthropic's models look at settings themselves. */
function checkClaude(body: Body, model: string, realm: string): Refusal | undefined {
  const name = model.match(/anthropic\.(claude-[a-z0-9-]+?)(-v\d+)?(:\d+)?$/)?.[1];
  if (name === undefined) return undefined;
  const config = isObject(body.inferenceConfig) ? body.inferenceConfig : {};
  const asked = {
    model: name,
    max_tokens: config.maxTokens ?? 4096,
    ...(config.temperature === undefined ? {} : { temperature: config.temperature }),
    ...(config.topP === undefined ? {} : { top_p: config.topP }),
    ...(config.stopSequences === undefined ? {} : { stop_sequences: config.stopSequences }),
    ...(isObject(body.additionalModelRequestFields) ? body.additionalModelRequestFields : {}),
  };
  const betas = 'anthropic_beta' in asked ? ['any'] : [];
  const { anthropic_beta: _, ...settings } = asked as Body;
  const context = { betas, realm, dialect: DIALECTS.openai, stored: new Set<string>() };
  const refusal =
    checkShape(settings, messagesShape(betas, false), ANTHROPIC_WORDS) ??
    firstRefusal(SETTINGS_RULES, settings, context);
  const { error } = (refusal?.body ?? {}) as { error?: { message: string } };
  return error === undefined ? undefined : modelError(error.message);
}
