/** The content blocks of an Anthropic answer: as they open, the deltas that fill them, as they are when closed. */
import type { ContentBlock, RawContentBlockDelta, TextCitation } from '@anthropic-ai/sdk/resources/messages';
import { parseExactOr } from '../exact-json.ts';
import type { Ids } from '../ids.ts';
import { redactedFor, signatureFor } from '../proof.ts';
import {
  inputOf,
  joined,
  type Part,
  partsOf,
  pieces,
  type ScriptedCall,
  type ScriptedCitation,
  type ScriptedSearch,
  type ScriptedText,
  type ScriptedThinking,
  shownThinking,
  type Turn,
  words,
} from '../turn.ts';

export interface BlockScript {
  opened: object;
  deltas: object[];
  closed: object;
}

/** Blocks of the API's own kinds. */
interface KnownBlock extends BlockScript {
  opened: ContentBlock;
  deltas: RawContentBlockDelta[];
  closed: ContentBlock;
}

const DIRECT = { type: 'direct' as const };

export function blockScripts(turn: Turn, ids: Ids, realm: string): BlockScript[] {
  const counted = { calls: 0, searches: 0 };
  const scripts = partsOf(turn).flatMap((part) => partScripts(part, ids, realm, counted));
  const shown = turn.wire?.strangers ? [...scripts.map(withStranger), STRANGER] : scripts;
  return turn.wire?.messages?.textInStart ? shown.map(startedWithText) : shown;
}

const STRANGER: BlockScript = {
  opened: { type: 'hologram', depth: 3, frames: [] },
  deltas: [{ type: 'hologram_delta', frame: 'AAAA' }],
  closed: { type: 'hologram', depth: 3, frames: ['AAAA'] },
};

/** A delta of tomorrow behind those of today. */
function withStranger(script: BlockScript): BlockScript {
  return { ...script, deltas: [...script.deltas, ...STRANGER.deltas] };
}

function partScripts(
  part: Part,
  ids: Ids,
  realm: string,
  counted: { calls: number; searches: number },
): BlockScript[] {
  switch (part.type) {
    case 'thinking':
      return [thinkingScript(part, realm)];
    case 'redacted_thinking':
      return [still({ type: 'redacted_thinking', data: redactedFor(part.hidden, realm) })];
    case 'text':
      return joined(part.text) === '' ? [] : [textScript(part)];
    case 'tool_call': {
      const id = part.id ?? ids.numbered('toolu', counted.calls);
      counted.calls += 1;
      return [callScript(part, id)];
    }
    case 'web_search': {
      const id = ids.numbered('srvtoolu', counted.searches);
      counted.searches += 1;
      return searchScripts(part, id);
    }
    case 'refusal':
      return [];
    case 'raw':
      return part.messages === undefined ? [] : [rawScript(part.messages)];
  }
}

/** A block given with `opened`, `deltas` and `closed`, or one that opens as it is and has no deltas. */
function rawScript(given: object): BlockScript {
  const { opened, deltas, closed } = given as Partial<BlockScript>;
  if (closed === undefined) return { opened: given, deltas: [], closed: given };
  return { opened: opened ?? closed, deltas: deltas ?? [], closed };
}

function still(block: ContentBlock): KnownBlock {
  return { opened: block, deltas: [], closed: block };
}

/** The signature comes just before the block closes; it alone where the text is not shown. */
function thinkingScript(part: ScriptedThinking, realm: string): KnownBlock {
  const thinking = shownThinking(part);
  const signature = signatureFor(thinking, part.hidden, realm);
  return {
    opened: { type: 'thinking', thinking: '', signature: '' },
    deltas: [
      ...words(thinking).map((piece) => ({ type: 'thinking_delta' as const, thinking: piece })),
      { type: 'signature_delta', signature },
    ],
    closed: { type: 'thinking', thinking, signature },
  };
}

function textScript({ text, citations }: ScriptedText): KnownBlock {
  const cited = citations?.map(asCitation);
  return {
    opened: { type: 'text', text: '', citations: cited === undefined ? null : [] },
    deltas: [
      ...(cited ?? []).map((citation) => ({ type: 'citations_delta' as const, citation })),
      ...pieces(text).map((piece) => ({ type: 'text_delta' as const, text: piece })),
    ],
    closed: { type: 'text', text: joined(text), citations: cited ?? null },
  };
}

function asCitation({ url, title, quote }: ScriptedCitation): TextCitation {
  return {
    type: 'web_search_result_location',
    url,
    title,
    cited_text: quote,
    encrypted_index: Buffer.from(url).toString('base64'),
  };
}

/** Arguments scripted as broken JSON only show in a stream. */
function callScript(call: ScriptedCall, id: string): KnownBlock {
  const block = (input: unknown): ContentBlock => ({
    type: 'tool_use',
    id,
    name: call.name,
    input,
    caller: DIRECT,
  });
  return {
    opened: block({}),
    deltas: inputDeltas(inputOf(call)),
    closed: block(parseExactOr(inputOf(call), {})),
  };
}

/** The first delta of a tool's input is empty, as in the API. */
function inputDeltas(json: string): RawContentBlockDelta[] {
  return ['', ...words(json)].map((partial_json) => ({ type: 'input_json_delta', partial_json }));
}

function searchScripts({ query, results }: ScriptedSearch, id: string): KnownBlock[] {
  const use = (input: object): ContentBlock => ({
    type: 'server_tool_use',
    id,
    name: 'web_search',
    input,
    caller: DIRECT,
  });
  const found = results.map(({ url, title }) => ({
    type: 'web_search_result' as const,
    url,
    title,
    encrypted_content: Buffer.from(`${title} ${url}`).toString('base64'),
    page_age: null,
  }));
  return [
    { opened: use({}), deltas: inputDeltas(JSON.stringify({ query })), closed: use({ query }) },
    still({ type: 'web_search_tool_result', tool_use_id: id, content: found, caller: DIRECT }),
  ];
}

/** The first text delta moves into the opening. */
function startedWithText(script: BlockScript): BlockScript {
  const [first, ...rest] = script.deltas as RawContentBlockDelta[];
  if (first?.type === 'text_delta') {
    return { ...script, opened: { ...script.opened, text: first.text }, deltas: rest };
  }
  if (first?.type === 'thinking_delta') {
    return { ...script, opened: { ...script.opened, thinking: first.thinking }, deltas: rest };
  }
  return script;
}
