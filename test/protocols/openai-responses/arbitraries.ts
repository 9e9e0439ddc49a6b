import fc from 'fast-check';
import type {
  AssistantPart,
  CanonicalRequest,
  ReasoningPart,
  ToolCallPart,
  ToolResultPart,
  Turn,
  UserPart,
} from '../../../gateway/protocols/canonical/request.ts';
import { EFFORTS } from '../../../gateway/protocols/model-facts.ts';
import { REQUEST } from './support.ts';

const said = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' });
const name = fc.stringMatching(/^[a-zA-Z0-9_-]{1,12}$/);
const nullable = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const schema = fc.dictionary(name, fc.jsonValue());

const text = said.map((value) => ({ type: 'text' as const, text: value }));
const image = fc.constantFrom<UserPart & { type: 'image' }>(
  { type: 'image', source: { kind: 'url', url: 'https://a.example/x.png' }, detail: 'high' },
  { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AAAA' }, detail: 'auto' },
  { type: 'image', source: { kind: 'file', protocol: 'openai-responses', id: 'file-1' }, detail: 'low' },
);
const document = fc.constantFrom<UserPart & { type: 'document' }>(
  {
    type: 'document',
    name: 'a.pdf',
    source: { kind: 'base64', mediaType: 'application/pdf', data: 'AAAA' },
  },
  { type: 'document', source: { kind: 'url', url: 'https://a.example/a.pdf' } },
);

const reasoning = fc.record({ thought: fc.string({ maxLength: 12 }), id: name }).map(
  ({ thought, id }): ReasoningPart => ({
    type: 'reasoning',
    text: thought,
    replay: {
      protocol: 'openai-responses',
      providerId: null,
      id: `rs_${id}`,
      data: `g${id}`,
      redacted: false,
    },
  }),
);

const call = fc.record({ called: name, custom: fc.boolean(), input: said });

interface Exchange {
  thoughts: ReasoningPart[];
  texts: AssistantPart[];
  calls: { called: string; custom: boolean; input: string; result: ToolResultPart['parts'] }[];
  reply: UserPart[];
}

const exchange: fc.Arbitrary<Exchange> = fc.record({
  thoughts: fc.array(reasoning, { maxLength: 2 }),
  texts: fc.array(
    fc.oneof(
      text,
      said.map((value) => ({ type: 'refusal' as const, text: value })),
    ),
    {
      minLength: 1,
      maxLength: 3,
    },
  ),
  calls: fc.array(
    fc
      .tuple(call, fc.oneof(fc.tuple(text), fc.tuple(text, fc.oneof(image, document))))
      .map(([facts, result]) => ({ ...facts, result: [...result] as ToolResultPart['parts'] })),
    { maxLength: 3 },
  ),
  reply: fc.array(fc.oneof(text, image, document), { minLength: 1, maxLength: 3 }),
});

/** A conversation as `prepare` leaves it. */
const turns: fc.Arbitrary<Turn[]> = fc
  .tuple(nullable(said), fc.array(text, { minLength: 1, maxLength: 2 }), fc.array(exchange, { maxLength: 4 }))
  .map(([instructions, question, exchanges]) => [
    ...(instructions === null
      ? []
      : [{ role: 'system' as const, parts: [{ type: 'text' as const, text: instructions }] }]),
    { role: 'user' as const, parts: question },
    ...exchanges.flatMap(exchangeTurns),
  ]);

function exchangeTurns({ thoughts, texts, calls, reply }: Exchange, round: number): Turn[] {
  const made = calls.map(
    ({ called, custom, input }, index): ToolCallPart => ({
      type: 'tool_call',
      id: `call_${round}_${index}`,
      name: called,
      kind: custom ? 'custom' : 'function',
      input,
    }),
  );
  const results = calls.map(
    ({ custom, result }, index): ToolResultPart => ({
      type: 'tool_result',
      callId: `call_${round}_${index}`,
      parts: result,
      isError: false,
      ...(custom ? { custom: true } : {}),
    }),
  );
  return [
    { role: 'assistant', parts: [...thoughts, ...texts, ...made] },
    { role: 'user', parts: [...results, ...reply] },
  ];
}

const tools: fc.Arbitrary<CanonicalRequest['tools']> = fc.uniqueArray(
  fc.oneof(
    fc.record({
      kind: fc.constant('function' as const),
      name,
      description: nullable(said),
      schema,
      strict: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant('custom' as const),
      name,
      description: nullable(said),
      format: fc.constantFrom(null, { type: 'grammar', syntax: 'regex', definition: '.*' }),
    }),
  ),
  { maxLength: 4, selector: (tool) => tool.name },
);

/** Requests of which the protocol can say everything. */
export const sayableRequest: fc.Arbitrary<CanonicalRequest> = fc
  .record({
    stream: fc.boolean(),
    turns,
    tools,
    choice: fc.constantFrom('auto', 'none', 'required', 'first', null),
    parallelToolCalls: nullable(fc.boolean()),
    maxOutputTokens: nullable(fc.integer({ min: 16, max: 100_000 })),
    temperature: nullable(fc.double({ min: 0, max: 2, noNaN: true })),
    topP: nullable(fc.double({ min: 0, max: 1, noNaN: true })),
    effort: nullable(fc.constantFrom(...EFFORTS.filter((effort) => effort !== 'none'))),
    verbosity: nullable(fc.constantFrom('low', 'medium', 'high')),
    userId: nullable(said),
    cacheKey: nullable(said),
    format: fc.constantFrom<CanonicalRequest['format']>(
      null,
      { type: 'json_object' },
      {
        type: 'json_schema',
        name: 'n',
        description: 'd',
        schema: { type: 'object' },
        strict: true,
      },
    ),
  })
  .map(({ choice, temperature, topP, effort, tools: defined, parallelToolCalls, ...request }) => ({
    ...REQUEST,
    ...request,
    tools: defined,
    sampling: { ...REQUEST.sampling, temperature, topP },
    parallelToolCalls: defined.length === 0 ? null : parallelToolCalls,
    toolChoice: toolChoice(choice, defined),
    reasoning:
      effort === null ? null : { effort, budgetTokens: null, mode: null, summary: 'auto', display: null },
  }));

function toolChoice(
  choice: 'auto' | 'none' | 'required' | 'first' | null,
  defined: CanonicalRequest['tools'],
): CanonicalRequest['toolChoice'] {
  const [first] = defined;
  if (first === undefined || choice === null) return null;
  return choice === 'first' ? { type: 'tool', name: first.name } : { type: choice };
}

/** Parts of an answer, of which no two texts of one message follow each other without something between. */
export const answerParts: fc.Arbitrary<AssistantPart[]> = fc
  .array(
    fc.oneof(
      reasoning,
      text,
      fc.record({ type: fc.constant('refusal' as const), text: said }),
      call.map(
        ({ called, custom, input }): ToolCallPart => ({
          type: 'tool_call',
          id: called,
          name: called,
          kind: custom ? 'custom' : 'function',
          input: `${input}.`,
        }),
      ),
    ),
    { maxLength: 6 },
  )
  .map((parts) =>
    parts.map((part, index) => (part.type === 'tool_call' ? { ...part, id: `${part.id}_${index}` } : part)),
  );

const WORDS = [
  ...['type', 'item', 'id', 'call_id', 'name', 'arguments', 'input', 'output', 'content', 'summary', 'text'],
  ...['refusal', 'annotations', 'role', 'tools', 'tool_choice', 'response', 'status', 'error', 'message'],
  ...[
    'output_index',
    'content_index',
    'summary_index',
    'item_id',
    'delta',
    'part',
    'usage',
    'encrypted_content',
  ],
  ...['image_url', 'file_data', 'reasoning', 'instructions', 'namespace', 'url', 'incomplete_details'],
];
const VALUES = [
  ...['message', 'reasoning', 'function_call', 'custom_tool_call', 'function_call_output', 'web_search_call'],
  ...[
    'input_text',
    'output_text',
    'input_image',
    'input_file',
    'input_audio',
    'refusal',
    'user',
    'assistant',
  ],
  ...['system', 'namespace', 'function', 'custom', 'allowed_tools', 'data:,', 'data:x', 'item_reference'],
  ...['response.created', 'response.output_item.added', 'response.output_item.done', 'response.completed'],
  ...['response.content_part.added', 'response.content_part.done', 'response.output_text.delta'],
  ...['response.output_text.done', 'response.output_text.annotation.added', 'response.refusal.delta'],
  ...['response.reasoning_summary_text.delta', 'response.reasoning_text.delta', 'response.failed', 'error'],
  ...['response.function_call_arguments.delta', 'response.custom_tool_call_input.done', 'incomplete'],
];

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<unknown>(null, true, false, 0, 1, 7.5, -1, '', ...VALUES),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...WORDS), tie('value'), { maxKeys: 6 }),
  ),
}));

/** JSON objects made of the protocol's words, in no order that means anything. */
export const junk: fc.Arbitrary<Record<string, unknown>> = fc.dictionary(fc.constantFrom(...WORDS), value, {
  maxKeys: 8,
});
