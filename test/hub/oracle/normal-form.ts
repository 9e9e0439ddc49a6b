/** Takes out of two bodies for one provider what is known to differ, and why that is well. */
import type { Protocol } from '../exchange.ts';

// biome-ignore lint/suspicious/noExplicitAny: bodies are looked into field by field
type Json = any;

interface Difference {
  why: string;
  /** Brings a body to the form that both have then. */
  settle(body: Json): void;
}

const USUAL_CHOICE: Difference = {
  why: '`auto` is what holds where nothing is said; clients of Anthropic say it with what they forbid.',
  settle: (body) => {
    if (body.tool_choice === 'auto') delete body.tool_choice;
  },
};

const USUAL_DETAIL: Difference = {
  why: 'A picture’s `detail` is `auto` where nothing is said; clients of Responses must say it.',
  settle: ({ input, messages }) => {
    for (const { content } of input ?? messages) {
      if (!Array.isArray(content)) continue;
      for (const part of content) {
        if (part.detail === 'auto') delete part.detail;
        if (part.image_url?.detail === 'auto') delete part.image_url.detail;
      }
    }
  },
};

const CHAT: readonly Difference[] = [
  USUAL_CHOICE,
  USUAL_DETAIL,
  {
    why: 'Ours says several texts as one string: every server takes that, and some nothing else.',
    settle: ({ messages }) => {
      for (const message of messages) {
        if (!Array.isArray(message.content)) continue;
        if (message.content.every(({ type }: Json) => type === 'text'))
          message.content = message.content.map(({ text }: Json) => text).join('\n\n');
      }
    },
  },
  {
    why: 'Ours says `strict` only to services known to take it.',
    settle: ({ tools = [] }) => {
      for (const { function: called } of tools) delete called.strict;
    },
  },
  {
    why: 'The SDK says nothing, and ours null, of a turn that only calls tools: OpenAI takes both.',
    settle: ({ messages }) => {
      for (const message of messages) if (message.tool_calls !== undefined) message.content ??= null;
    },
  },
];

const RESPONSES: readonly Difference[] = [
  USUAL_CHOICE,
  {
    why: 'Ours puts the first instructions into `instructions`, as clients of the API do; the SDK into a message.',
    settle: (body) => {
      const [first] = body.input;
      if (first?.role !== 'developer') return;
      body.input.shift();
      body.instructions = first.content;
    },
  },
  {
    why: 'Ours tells the type of each message: servers other than OpenAI ask for it.',
    settle: ({ input }) => {
      for (const item of input) if (item.type === 'message') delete item.type;
    },
  },
  USUAL_DETAIL,
];

const MESSAGES: readonly Difference[] = [
  {
    why: 'Ours has the prompt of an agent cached, for clients whose protocol cannot ask for it.',
    settle: ({ tools = [], system, messages }) => {
      const blocks = [system ?? [], ...messages.map(({ content }: Json) => content)].flat();
      for (const block of [...tools, ...blocks]) delete block.cache_control;
    },
  },
  {
    why: 'One text of instructions is a string at ours and a block at the SDK’s.',
    settle: (body) => {
      if (typeof body.system === 'string') body.system = [{ type: 'text', text: body.system }];
    },
  },
  {
    why: 'Not being strict is what holds where nothing is said.',
    settle: ({ tools = [] }) => {
      for (const tool of tools) if (tool.strict === false) delete tool.strict;
    },
  },
];

const DIFFERENCES: Readonly<Record<Protocol, readonly Difference[]>> = {
  'openai-chat': CHAT,
  'openai-responses': RESPONSES,
  'anthropic-messages': MESSAGES,
};

/** @returns a copy in the form in which ours and the SDK's are alike */
export function normalForm(protocol: Protocol, body: unknown): Json {
  const copy = structuredClone(body);
  for (const { settle } of DIFFERENCES[protocol]) settle(copy);
  return copy;
}
