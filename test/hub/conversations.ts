/** Conversations in no protocol's words, and how each client writes them. */
import fc from 'fast-check';
import { PIXEL } from '../clients/support.ts';
import type { Protocol } from './exchange.ts';

export interface Conversation {
  system: string | null;
  steps: Step[];
  /** Names; those that are called are among them. */
  tools: readonly string[];
  choice: 'auto' | 'none' | 'required' | { name: string } | null;
  parallel: boolean;
  maxTokens: number;
}

/** What the user says, rounds of calls and results, and what the assistant says in the end. */
export interface Step {
  said: Said[];
  rounds: Round[];
  /** Null in the last step alone: the answer to it is asked for. */
  answer: string | null;
}

export type Said = { text: string } | { image: string };

/** Calls of one turn, and what came back. */
export interface Round {
  text: string | null;
  calls: Call[];
}

export interface Call {
  id: string;
  name: string;
  input: Record<string, unknown>;
  result: string;
}

export const TOOL_NAMES = ['get_weather', 'get_time', 'mcp__files__read'] as const;

export const SCHEMA = {
  type: 'object',
  properties: { city: { type: 'string' }, days: { type: 'integer' } },
  additionalProperties: false,
};

/** Neither blank nor ended by blanks, as services refuse the one and trim the other. */
const anyText = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
    fc.constantFrom(
      'hi',
      'Grüße 💡',
      '"quoted"\n\\back\\',
      '<xml attr="1">',
      '{"json": true}',
      '\u2028 東京',
    ),
  )
  .map((text) => text.trim())
  .filter((text) => text !== '');

const anyImage = fc.constantFrom(`data:image/png;base64,${PIXEL}`, 'https://a.example/cat.png');

const anySaid: fc.Arbitrary<Said> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ text: anyText }) },
  { weight: 1, arbitrary: fc.record({ image: anyImage }) },
);

const anyCall = fc.record({
  name: fc.constantFrom(...TOOL_NAMES),
  input: fc.record({ city: anyText, days: fc.integer({ min: 0, max: 99 }) }, { requiredKeys: [] }),
  result: anyText,
});

const anyRound = fc.record({
  text: fc.option(anyText),
  calls: fc.array(anyCall, { minLength: 1, maxLength: 3 }),
});

const anyStep = fc.record({
  // A picture alone, or two texts in a row, are allowed everywhere.
  said: fc.array(anySaid, { minLength: 1, maxLength: 3 }),
  rounds: fc.array(anyRound, { maxLength: 2 }),
  answer: anyText,
});

export const anyConversation: fc.Arbitrary<Conversation> = fc
  .record({
    system: fc.option(anyText),
    steps: fc.array(anyStep, { minLength: 1, maxLength: 3 }),
    choice: fc.option(
      fc.oneof(
        fc.constantFrom('auto' as const, 'none' as const, 'required' as const),
        fc.record({ name: fc.constantFrom(...TOOL_NAMES) }),
      ),
    ),
    parallel: fc.boolean(),
    withTools: fc.boolean(),
    maxTokens: fc.integer({ min: 16, max: 8_000 }),
  })
  .map(({ steps, choice, withTools, ...rest }) => {
    let count = 0;
    const numbered = steps.map((step, index): Step => {
      const rounds = step.rounds.map(({ text, calls }) => ({
        text,
        calls: calls.map((call) => ({ ...call, id: `call_${count++}` })),
      }));
      return { ...step, rounds, answer: index === steps.length - 1 ? null : step.answer };
    });
    const tools = withTools || count > 0 ? TOOL_NAMES : [];
    const chosen = tools.length === 0 ? null : choice;
    // OpenAI refuses it without tools, and Anthropic has no word for it beside `none`.
    const parallel = rest.parallel || tools.length === 0 || chosen === 'none';
    return { ...rest, steps: numbered, tools, choice: chosen, parallel };
  });

export function bodyOf(protocol: Protocol, conversation: Conversation): Record<string, unknown> {
  switch (protocol) {
    case 'openai-chat':
      return chatBody(conversation);
    case 'openai-responses':
      return responsesBody(conversation);
    case 'anthropic-messages':
      return messagesBody(conversation);
  }
}

function chatBody({ system, steps, tools, choice, parallel, maxTokens }: Conversation) {
  const said = (parts: readonly Said[]) =>
    parts.map((part) =>
      'text' in part
        ? { type: 'text', text: part.text }
        : { type: 'image_url', image_url: { url: part.image } },
    );
  return {
    messages: [
      ...(system === null ? [] : [{ role: 'system', content: system }]),
      ...steps.flatMap(({ said: parts, rounds, answer }) => [
        { role: 'user', content: said(parts) },
        ...rounds.flatMap(({ text, calls }) => [
          {
            role: 'assistant',
            content: text,
            tool_calls: calls.map(({ id, name, input }) => ({
              id,
              type: 'function',
              function: { name, arguments: JSON.stringify(input) },
            })),
          },
          ...calls.map(({ id, result }) => ({ role: 'tool', tool_call_id: id, content: result })),
        ]),
        ...(answer === null ? [] : [{ role: 'assistant', content: answer }]),
      ]),
    ],
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map((name) => ({
            type: 'function',
            function: { name, description: `Does ${name}`, parameters: SCHEMA },
          })),
          ...(parallel ? {} : { parallel_tool_calls: false }),
        }),
    ...(choice === null
      ? {}
      : { tool_choice: typeof choice === 'string' ? choice : { type: 'function', function: choice } }),
    max_completion_tokens: maxTokens,
  };
}

function responsesBody({ system, steps, tools, choice, parallel, maxTokens }: Conversation) {
  const said = (parts: readonly Said[]) =>
    parts.map((part) =>
      'text' in part
        ? { type: 'input_text', text: part.text }
        : { type: 'input_image', detail: 'auto', image_url: part.image },
    );
  const spoken = (text: string) => ({
    type: 'message',
    role: 'assistant',
    content: [{ type: 'output_text', text, annotations: [] }],
  });
  return {
    ...(system === null ? {} : { instructions: system }),
    input: steps.flatMap(({ said: parts, rounds, answer }): object[] => [
      { type: 'message', role: 'user', content: said(parts) },
      ...rounds.flatMap(({ text, calls }): object[] => [
        ...(text === null ? [] : [spoken(text)]),
        ...calls.map(({ id, name, input }) => ({
          type: 'function_call',
          call_id: id,
          name,
          arguments: JSON.stringify(input),
        })),
        ...calls.map(({ id, result }) => ({ type: 'function_call_output', call_id: id, output: result })),
      ]),
      ...(answer === null ? [] : [spoken(answer)]),
    ]),
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map((name) => ({
            type: 'function',
            name,
            description: `Does ${name}`,
            parameters: SCHEMA,
            strict: false,
          })),
          ...(parallel ? {} : { parallel_tool_calls: false }),
        }),
    ...(choice === null
      ? {}
      : { tool_choice: typeof choice === 'string' ? choice : { type: 'function', ...choice } }),
    max_output_tokens: maxTokens,
    store: false,
  };
}

const CHOICES = { auto: 'auto', none: 'none', required: 'any' } as const;

function messagesBody({ system, steps, tools, choice, parallel, maxTokens }: Conversation) {
  const said = (parts: readonly Said[]) =>
    parts.map((part) =>
      'text' in part ? { type: 'text', text: part.text } : { type: 'image', source: sourceOf(part.image) },
    );
  const messages = steps.flatMap(({ said: parts, rounds, answer }) => [
    { role: 'user', content: said(parts) },
    ...rounds.flatMap(({ text, calls }) => [
      {
        role: 'assistant',
        content: [
          ...(text === null ? [] : [{ type: 'text', text }]),
          ...calls.map(({ id, name, input }) => ({ type: 'tool_use', id, name, input })),
        ],
      },
      {
        role: 'user',
        content: calls.map(({ id, result }) => ({ type: 'tool_result', tool_use_id: id, content: result })),
      },
    ]),
    ...(answer === null ? [] : [{ role: 'assistant', content: answer }]),
  ]);
  return {
    ...(system === null ? {} : { system }),
    messages,
    ...(tools.length === 0
      ? {}
      : { tools: tools.map((name) => ({ name, description: `Does ${name}`, input_schema: SCHEMA })) }),
    ...messagesChoice(choice, parallel || tools.length === 0),
    max_tokens: maxTokens,
  };
}

function messagesChoice(choice: Conversation['choice'], parallel: boolean): object {
  const single = parallel ? {} : { disable_parallel_tool_use: true };
  if (choice === null) return parallel ? {} : { tool_choice: { type: 'auto', ...single } };
  if (choice === 'none') return { tool_choice: { type: 'none' } };
  const named = typeof choice === 'string' ? { type: CHOICES[choice] } : { type: 'tool', ...choice };
  return { tool_choice: { ...named, ...single } };
}

function sourceOf(url: string): object {
  const data = /^data:([^;]+);base64,(.*)$/.exec(url);
  return data === null ? { type: 'url', url } : { type: 'base64', media_type: data[1], data: data[2] };
}
