/**
 * What Anthropic refuses of cache marks (https://platform.claude.com/docs/en/build-with-claude/prompt-caching;
 * caozhiyuan/copilot-api#241; probes of the API in the changelog of https://docs.rs/misanthropic).
 */
import { anthropicError, type Body, isObject, objectsOf, type Refusal } from '../refusal.ts';

const MOST_MARKS = 4;

interface Mark {
  at: string;
  ttl: string;
}

export function checkCache(body: Body): Refusal | undefined {
  return checkResultMarks(body) ?? checkMarks(marksOf(body));
}

/** A mark inside a tool result counts as the result's own, and a result takes one. */
function checkResultMarks(body: Body): Refusal | undefined {
  for (const [index, message] of objectsOf(body.messages).entries()) {
    for (const [place, block] of objectsOf(message.content).entries()) {
      if (block.type !== 'tool_result') continue;
      const inner = objectsOf(block.content).map((part) => isObject(part.cache_control));
      const second = inner.lastIndexOf(true);
      if (second < 0 || (!isObject(block.cache_control) && inner.indexOf(true) === second)) continue;
      return anthropicError(
        `messages.${index}.content.${place}.tool_result.content.${second}.cache_control: cache_control may not be specified within \`tool_result.content\`. Instead, place it directly on \`tool_result\``,
      );
    }
  }
  return undefined;
}

/** In the order in which the prompt is made: tools, system, messages, the automatic one. */
function marksOf(body: Body): Mark[] {
  const marks: Mark[] = [];
  const look = (block: Body, at: string): void => {
    const inner = block.type === 'tool_result' ? objectsOf(block.content) : [];
    for (const { cache_control: mark } of [...inner, block]) {
      if (isObject(mark)) marks.push({ at, ttl: String(mark.ttl ?? '5m') });
    }
  };
  for (const [index, tool] of objectsOf(body.tools).entries()) look(tool, `tools.${index}`);
  for (const [index, block] of objectsOf(body.system).entries()) look(block, `system.${index}`);
  for (const [index, message] of objectsOf(body.messages).entries()) {
    for (const [place, block] of objectsOf(message.content).entries()) {
      look(block, `messages.${index}.content.${place}`);
    }
  }
  look({ cache_control: body.cache_control }, 'cache_control');
  return marks;
}

function checkMarks(marks: readonly Mark[]): Refusal | undefined {
  if (marks.length > MOST_MARKS) {
    return anthropicError(`A maximum of 4 blocks with cache_control may be provided. Found ${marks.length}.`);
  }
  const late = marks.find(
    (mark, index) => mark.ttl === '1h' && marks.slice(0, index).some((before) => before.ttl === '5m'),
  );
  if (late === undefined) return undefined;
  return anthropicError(
    `${late.at}.cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. Note that blocks are processed in the following order: \`tools\`, \`system\`, \`messages\`.`,
  );
}
