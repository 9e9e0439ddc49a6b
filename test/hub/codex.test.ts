/** What Codex, and other clients of the Responses API, rely on. */
import { beforeEach, describe, expect, it } from 'vitest';
import { reply } from '../support/provider/reply.ts';
import { resetScripts, useHub } from './bench.ts';
import { exchange, type Protocol } from './exchange.ts';
import { said } from './reading/said.ts';

const bench = useHub();
beforeEach(() => resetScripts(bench));

const OTHERS = ['openai-chat', 'anthropic-messages'] as const;
const ask = (provider: Protocol, fields: object) =>
  exchange(bench, 'openai-responses', bench.seats[provider], fields);

const PATCH = '*** Begin Patch\n+"x"\n*** End Patch';
/** As Codex 0.169 sends them: functions, groups of them, free text, and one that the provider runs. */
const TOOLS = [
  {
    type: 'function',
    name: 'shell',
    description: 'Runs',
    parameters: { type: 'object', properties: { command: { type: 'string' } } },
    strict: false,
  },
  {
    type: 'namespace',
    name: 'mcp__github',
    description: 'GitHub',
    tools: [
      {
        type: 'function',
        name: 'search',
        description: 'Searches',
        parameters: { type: 'object', properties: {} },
        strict: false,
      },
      {
        type: 'function',
        name: 'shell',
        description: 'Not the other',
        parameters: { type: 'object', properties: {} },
        strict: false,
      },
    ],
  },
  {
    type: 'custom',
    name: 'apply_patch',
    description: 'Patches',
    format: { type: 'grammar', syntax: 'lark', definition: 'start: /.+/' },
  },
  { type: 'web_search', external_web_access: true },
];
const BODY = {
  instructions: 'You are Codex.',
  input: [
    { type: 'message', role: 'developer', content: [{ type: 'input_text', text: '<permissions>' }] },
    { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'fix it' }] },
  ],
  tools: TOOLS,
  tool_choice: 'auto',
  parallel_tool_calls: true,
  reasoning: { effort: 'medium', summary: 'auto' },
  store: false,
  include: ['reasoning.encrypted_content'],
  prompt_cache_key: 'thread-1',
  client_metadata: { originator: 'codex' },
};

/** What Codex keeps of an answer and sends again. */
// biome-ignore lint/suspicious/noExplicitAny: items are looked into field by field
const outputOf = ({ json, events }: { json: any; events: readonly { data: any }[] }): any[] =>
  json?.output ?? events.at(-1)?.data.response.output;

/** Calls of every kind, in the provider's own form. */
const CALLS = reply.tools([
  { name: 'mcp__github__search', input: { q: 'bug' } },
  { name: 'mcp__github__shell', input: '{}' },
  { name: 'shell', input: { command: 'ls' } },
  { name: 'apply_patch', input: { input: PATCH } },
]);

describe.each(OTHERS)('tools of Codex at a provider of %s', (provider) => {
  it.each([true, false])(
    'come back under their own names and kinds, in calls and in history (streamed: %s)',
    async (stream) => {
      bench.seats[provider].provider.script(CALLS, reply.text('Done.'));
      const answer = await ask(provider, { ...BODY, stream });
      const names = answer.sent.tools.map(
        (tool: { name?: string; function?: { name: string } }) => tool.name ?? tool.function?.name,
      );
      expect(names).toEqual(['shell', 'mcp__github__search', 'mcp__github__shell', 'apply_patch']);
      expect(answer.dropped).toContain('tools.web_search');
      expect(said('openai-responses', answer).calls).toMatchObject([
        { kind: 'function', namespace: 'mcp__github', name: 'search', input: '{"q":"bug"}' },
        { kind: 'function', namespace: 'mcp__github', name: 'shell', input: '{}' },
        { kind: 'function', name: 'shell', input: '{"command":"ls"}' },
        { kind: 'custom', name: 'apply_patch', input: PATCH },
      ]);
      expect(said('openai-responses', answer).calls[2]).not.toHaveProperty('namespace');

      const items = outputOf(answer);
      const outputs = items.map(({ type, call_id }) => ({
        type: `${type}_output`,
        call_id,
        output: `result of ${call_id}`,
      }));
      const { sent } = await ask(provider, { ...BODY, stream, input: [...BODY.input, ...items, ...outputs] });
      const called = JSON.stringify(sent.messages);
      for (const name of names) expect(called).toContain(`"${name}"`);
      for (const { call_id } of items) expect(called).toContain(`result of ${call_id}`);
      expect(called).toContain('*** Begin Patch');
    },
  );

  it('are told apart, though one is named as another is in its namespace', async () => {
    const plain = { type: 'function', name: 'mcp__github__search', parameters: { type: 'object' } };
    bench.seats[provider].provider.script(({ json }) => {
      const { tools } = json as { tools: { name?: string; function?: { name: string } }[] };
      return reply.tools(
        tools.map((tool) => ({ name: tool.name ?? tool.function?.name ?? '', input: '{}' })),
      );
    });
    const answer = await ask(provider, { ...BODY, tools: [TOOLS[1], plain] });
    expect(said('openai-responses', answer).calls).toMatchObject([
      { namespace: 'mcp__github', name: 'search' },
      { namespace: 'mcp__github', name: 'shell' },
      { name: 'mcp__github__search' },
    ]);
  });

  it('a tool of a namespace may be the one that must be called', async () => {
    const { sent } = await ask(provider, {
      ...BODY,
      reasoning: undefined,
      tool_choice: { type: 'function', name: 'search', namespace: 'mcp__github' },
    });
    expect(JSON.stringify(sent.tool_choice)).toContain('mcp__github__search');
  });

  it('brought along by an item of the input are offered like the others', async () => {
    const brought = { type: 'additional_tools', role: 'developer', tools: TOOLS.slice(0, 2) };
    const { sentText } = await ask(provider, { ...BODY, tools: [], input: [brought, ...BODY.input] });
    expect(sentText).toContain('mcp__github__search');
  });
});

describe('a stream to Codex', () => {
  it.each(OTHERS)(
    'of %s opens each item before its deltas and says it whole at the end',
    async (provider) => {
      bench.seats[provider].provider.script(
        reply.turn({
          thinking: 'hm well',
          text: 'A moment, please.',
          toolCalls: [
            { name: 'shell', input: '{"command": "ls"}' },
            { name: 'apply_patch', input: `{"input": ${JSON.stringify(PATCH)}}` },
          ],
        }),
      );
      const answer = await ask(provider, { ...BODY, stream: true });
      const { text, reasoning, calls, finish } = said('openai-responses', answer);
      expect([text, reasoning, finish]).toEqual(['A moment, please.', 'hm well', 'completed']);
      expect(calls).toMatchObject([{ name: 'shell' }, { kind: 'custom', input: PATCH }]);
      const types = answer.events.map(({ data }) => data.type);
      expect(types).toContain('response.custom_tool_call_input.delta');
      expect(types).toContain('response.reasoning_summary_text.delta');
      expect(types.at(-1)).toBe('response.completed');
    },
  );
});

describe('what needs a memory at the provider', () => {
  const cases = [
    ['previous_response_id', { previous_response_id: 'resp_1' }, /`input`/],
    ['conversation', { conversation: 'conv_1' }, /`input`/],
    ['background', { background: true }, /"background": false/],
    ['prompt', { prompt: { id: 'pmpt_1' } }, /`instructions`/],
    [
      'an item reference',
      {
        input: [
          { type: 'item_reference', id: 'msg_1' },
          { role: 'user', content: 'hi' },
        ],
      },
      /"store": false/,
    ],
    [
      'an item reference without a type',
      { input: [{ id: 'rs_1' }, { role: 'user', content: 'hi' }] },
      /providerOptions/,
    ],
  ] as const;

  it.each(cases)('%s is refused with what to send instead', async (_, fields, advice) => {
    for (const provider of OTHERS) {
      const { status, json, sent } = await ask(provider, fields);
      expect([status, json.error.code, sent]).toEqual([400, 'invalid_request', undefined]);
      expect(json.error.message).toMatch(advice);
    }
  });

  it('is passed on where the provider may have it', async () => {
    const answer = await exchange(
      bench,
      'openai-responses',
      bench.seats['openai-responses'],
      { previous_response_id: 'resp_1' },
      { mayBeRefused: true },
    );
    expect(answer.sent.previous_response_id).toBe('resp_1');
    expect(answer.json.error.code).toBe('previous_response_not_found');
  });
});

describe('a tool that only the provider of another protocol runs', () => {
  const search = { type: 'web_search' };
  const shell = TOOLS[0];

  it.each(OTHERS)('is left out at %s while others remain, and the client is told', async (provider) => {
    const { sentText, dropped, status } = await ask(provider, {
      tools: [search, shell, { type: 'image_generation' }],
    });
    expect([status, dropped]).toEqual([200, ['tools.image_generation', 'tools.web_search']]);
    expect(sentText).not.toMatch(/web_search|image_generation/);
  });

  it.each(OTHERS)(
    'is a refusal at %s where it is the only one, or the one that must be used',
    async (provider) => {
      for (const fields of [{ tools: [search] }, { tools: [search, shell], tool_choice: search }]) {
        const { status, json, sent } = await ask(provider, fields);
        expect([status, json.error.code, sent]).toEqual([400, 'invalid_request', undefined]);
        expect(json.error.message).toContain('web_search');
      }
      const none = await ask(provider, { tools: [search], tool_choice: 'none' });
      expect([none.status, none.sent.tools]).toEqual([200, undefined]);
    },
  );

  it('of Anthropic is treated alike', async () => {
    const tools = [{ type: 'web_search_20250305', name: 'web_search' }];
    const alone = await exchange(bench, 'anthropic-messages', bench.seats['openai-responses'], { tools });
    expect([alone.status, alone.json.type]).toEqual([400, 'error']);
    const more = [...tools, { name: 'look', input_schema: { type: 'object' } }];
    const { status, dropped } = await exchange(bench, 'anthropic-messages', bench.seats['openai-chat'], {
      tools: more,
    });
    expect([status, dropped]).toEqual([200, ['tools.web_search_20250305']]);
  });

  it('its calls and results in a history are left out elsewhere', async () => {
    const input = [
      { role: 'user', content: 'hi' },
      { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'q' } },
      {
        type: 'message',
        role: 'assistant',
        content: [{ type: 'output_text', text: 'found', annotations: [] }],
      },
      { role: 'user', content: 'go on' },
    ];
    const { dropped, sent } = await ask('anthropic-messages', { input });
    expect(dropped).toEqual(['web_search_call']);
    expect(sent.messages).toHaveLength(3);
  });
});
