/**
 * Marks behind which the service keeps a prompt
 * (https://platform.claude.com/docs/en/build-with-claude/prompt-caching): each ends a prefix of tools, system and
 * messages, in this order. Four may stand in a request, and none of an hour behind one of five minutes.
 */
import type { Dropped } from '../canonical/dropped.ts';
import type { Target } from '../canonical/target.ts';
import { isObject, type JsonObject, objectsIn } from '../json.ts';

const MOST_MARKS = 4;

/** Blocks as they will be sent; marks are set and taken away in place. */
export interface MarkableBody {
  tools: JsonObject[];
  system: JsonObject[];
  messages: JsonObject[];
}

/**
 * Leaves the marks that the service takes. Callers whose protocol has none would pay for an agent's whole
 * conversation in each of its steps, so for a request with tools and no mark at all, two are set: behind the
 * system prompt (tools are before it), and behind what the user's side said last, from where the next step
 * begins.
 * @param isLoop the request offers tools
 */
export function settleMarks(body: MarkableBody, isLoop: boolean, target: Target, dropped: Dropped): void {
  const marked = markedBlocks(body);
  if (!target.traits.messages.cacheMarks) {
    if (marked.all.length > 0) dropped.add('cache_control');
    for (const block of marked.all) delete block.cache_control;
    return;
  }
  if (marked.all.length === 0) {
    if (isLoop) setOwn(body);
    return;
  }
  const kept = mostUseful(marked);
  const left = marked.all.filter((block) => !kept.has(block));
  for (const block of left) delete block.cache_control;
  const shortened = shortenLate(marked.all.filter((block) => kept.has(block)));
  if (left.length > 0 || shortened) dropped.add('cache_control');
}

interface Marked {
  tools: JsonObject[];
  system: JsonObject[];
  messages: JsonObject[];
  /** In the order of the prompt. */
  all: JsonObject[];
}

function markedBlocks(body: MarkableBody): Marked {
  const isMarked = (block: JsonObject) => isObject(block.cache_control);
  const tools = body.tools.filter(isMarked);
  const system = body.system.filter(isMarked);
  const messages = body.messages
    .flatMap((message) => objectsIn(message.content))
    .flatMap((block) => (block.type === 'tool_result' ? [...objectsIn(block.content), block] : [block]))
    .filter(isMarked);
  return { tools, system, messages, all: [...tools, ...system, ...messages] };
}

/** The end of the conversation, of the system prompt and of the tools; then the others, the latest first. */
function mostUseful({ tools, system, messages }: Marked): ReadonlySet<JsonObject> {
  const ends = [messages.at(-1), system.at(-1), tools.at(-1)].filter((block) => block !== undefined);
  const others = [...tools, ...system, ...messages].toReversed();
  return new Set([...new Set([...ends, ...others])].slice(0, MOST_MARKS));
}

/** @returns whether an hour was asked for where five minutes is all there is */
function shortenLate(blocks: readonly JsonObject[]): boolean {
  const isHour = ({ cache_control: mark }: JsonObject) => isObject(mark) && mark.ttl === '1h';
  const firstShort = blocks.findIndex((block) => !isHour(block));
  const late = firstShort === -1 ? [] : blocks.slice(firstShort).filter(isHour);
  for (const block of late) block.cache_control = { type: 'ephemeral' };
  return late.length > 0;
}

function setOwn({ tools, system, messages }: MarkableBody): void {
  const users = messages.filter((message) => message.role === 'user');
  for (const block of [system.at(-1) ?? tools.at(-1), objectsIn(users.at(-1)?.content).at(-1)]) {
    if (block !== undefined) block.cache_control = { type: 'ephemeral' };
  }
}
