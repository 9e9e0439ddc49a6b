/** What the echo says to a request: a plan in no protocol's words, which the renderers put into one. */
import { readLastWord } from './conversation.ts';
import { asObject, asPositiveInteger, type JsonObject } from './json.ts';
import { makeObject } from './schema-value.ts';
import { countInputTokens, countTokens, cutToTokens } from './tokens.ts';
import { type OfferedTool, readToolChoice, readTools } from './tools.ts';

/** Said when the request carries no text, such as a picture alone. */
export const NO_TEXT = '(no text)';
/** Tool names are looked for in this much of the user's wish, in characters. */
const MAX_WISH = 100_000;
/** More parallel calls than this are not made. */
const MAX_CALLS = 32;

export interface PlannedCall {
  kind: OfferedTool['kind'];
  name: string;
  namespace: string | undefined;
  /** A JSON object as text for a function; free text for a custom tool. */
  input: string;
}

export interface Plan {
  /** '' when the echo only calls tools. */
  text: string;
  calls: PlannedCall[];
  ending: 'end' | 'tool_calls' | 'length' | 'stop_sequence';
  /** The sequence that ended it; null unless `ending` is `stop_sequence`. */
  stopSequence: string | null;
  inputTokens: number;
  outputTokens: number;
}

/**
 * Decides on one answer. After a tool result the result is repeated. Else tools are called when
 * `tool_choice` demands it, or when the user names one or says "tool". Else the user's text is repeated,
 * as an object where a JSON schema is asked for. Never throws; a malformed body reads as empty.
 */
export function decide(body: JsonObject): Plan {
  const { userText, wish, toolResult } = readLastWord(body);
  const inputTokens = countInputTokens(body);
  if (toolResult === undefined) {
    const calls = chooseTools(body, wish).map((tool) => planCall(tool, wish || NO_TEXT));
    if (calls.length > 0) return planCalls(calls, inputTokens, readLimit(body));
  }
  const said = (toolResult ?? userText) || NO_TEXT;
  const schema = readAnswerSchema(body);
  return planText(schema === undefined ? said : JSON.stringify(makeObject(schema, said)), body, inputTokens);
}

/** The plan for a text: cut at the first stop sequence, then to the token limit of `body`. */
export function planText(text: string, body: JsonObject, inputTokens: number): Plan {
  const stop = firstStop(text, readStops(body));
  const wanted = stop === undefined ? text : text.slice(0, stop.index);
  const said = cutToTokens(wanted, readLimit(body));
  const cut = said.length < wanted.length;
  return {
    text: said,
    calls: [],
    ending: cut ? 'length' : stop === undefined ? 'end' : 'stop_sequence',
    stopSequence: cut ? null : (stop?.sequence ?? null),
    inputTokens,
    outputTokens: countTokens(said),
  };
}

/** Calls that fit the limit are made whole: half a JSON object would help nobody. */
function planCalls(calls: PlannedCall[], inputTokens: number, limit: number): Plan {
  const made: PlannedCall[] = [];
  let outputTokens = 0;
  for (const call of calls) {
    const cost = countTokens(call.name + call.input);
    if (outputTokens + cost > limit) break;
    made.push(call);
    outputTokens += cost;
  }
  const ending = made.length < calls.length ? 'length' : 'tool_calls';
  return { text: '', calls: made, ending, stopSequence: null, inputTokens, outputTokens };
}

function planCall(tool: OfferedTool, text: string): PlannedCall {
  const input = tool.kind === 'custom' ? text : JSON.stringify(makeObject(tool.schema, text));
  return { kind: tool.kind, name: tool.name, namespace: tool.namespace, input };
}

function chooseTools(body: JsonObject, wish: string): OfferedTool[] {
  const { mode, allowed, parallel } = readToolChoice(body);
  if (mode === 'none') return [];
  const tools = readTools(body).filter((tool) => allowed === undefined || allowed.has(tool.name));
  const named = namedTools(tools, wish);
  if (named.length > 0) return named.slice(0, parallel ? MAX_CALLS : 1);
  return mode === 'required' || /\btools?\b/i.test(wish) ? tools.slice(0, 1) : [];
}

/**
 * The tools whose names stand in `text` as words of their own, in the order of the list. Case does not
 * count; underscores, dashes and spaces are alike. Longer names go first, so that "read file" does not
 * also mean a tool named "read".
 */
function namedTools(tools: OfferedTool[], text: string): OfferedTool[] {
  let rest = spaced(text.slice(0, MAX_WISH));
  const named = new Set<OfferedTool>();
  const byLength = tools.toSorted((a, b) => b.name.length - a.name.length);
  for (const tool of byLength) {
    const name = spaced(tool.name).trim();
    if (name === '') continue;
    // The name holds letters, digits and spaces only, so it needs no escaping.
    const mention = new RegExp(`(?<![a-z0-9])${name}(?![a-z0-9])`, 'gu');
    const without = rest.replace(mention, '\n');
    if (without !== rest) named.add(tool);
    rest = without;
  }
  return tools.filter((tool) => named.has(tool));
}

function spaced(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ');
}

/** The schema of a structured answer; `json_object` asks for any object; undefined for plain text. */
function readAnswerSchema(body: JsonObject): unknown {
  const formats = [
    body.response_format,
    body.output_format,
    asObject(body.text).format,
    asObject(body.output_config).format,
  ];
  for (const format of formats.map(asObject)) {
    if (format.type === 'json_schema') return format.schema ?? asObject(format.json_schema).schema ?? {};
    if (format.type === 'json_object') return { type: 'object', required: ['text'] };
  }
  return undefined;
}

function readLimit(body: JsonObject): number {
  const limits = [body.max_completion_tokens, body.max_output_tokens, body.max_tokens];
  return limits.map(asPositiveInteger).find((limit) => limit !== undefined) ?? Number.POSITIVE_INFINITY;
}

function readStops(body: JsonObject): string[] {
  return [body.stop, body.stop_sequences]
    .flat()
    .filter((stop) => typeof stop === 'string' && stop !== '') as string[];
}

function firstStop(text: string, stops: string[]): { index: number; sequence: string } | undefined {
  return stops
    .map((sequence) => ({ index: text.indexOf(sequence), sequence }))
    .filter((found) => found.index >= 0)
    .toSorted((a, b) => a.index - b.index)[0];
}
