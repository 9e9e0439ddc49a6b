import { describe, expect, it } from 'vitest';
import type {
  CanonicalRequest,
  OutputFormat,
  ReasoningWish,
} from '../../../gateway/protocols/canonical/request.ts';
import type { Target } from '../../../gateway/protocols/canonical/target.ts';
import { encode, request, target } from './support.ts';

const noSampling = request().sampling;
const schema = { type: 'object', properties: { a: { type: 'string' } } };
const compatible = target({
  maxTokens: 'max_tokens',
  customTools: false,
  strictTools: false,
  parallelToolCalls: false,
  streamOptions: false,
  takes: [],
  requiredChoice: 'any',
});

describe('a body for a chat provider', () => {
  it('holds nothing that was not asked for', () => {
    expect(encode({})).toEqual({
      body: { model: 'upstream-model', messages: [{ role: 'user', content: 'Hello' }] },
      dropped: null,
    });
  });

  it('asks a stream for its usage, where the target takes that', () => {
    expect(encode({ stream: true }).body).toMatchObject({
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(encode({ stream: true }, compatible).body).not.toHaveProperty('stream_options');
  });
});

describe('limits and sampling', () => {
  it('stand under their names', () => {
    const sampling = {
      temperature: 0.5,
      topP: 0.9,
      topK: 40,
      seed: 7,
      presencePenalty: 1,
      frequencyPenalty: -1,
    };
    const members = { maxOutputTokens: 100, sampling, stop: ['A', 'B'] };
    const plain = {
      temperature: 0.5,
      top_p: 0.9,
      presence_penalty: 1,
      frequency_penalty: -1,
      stop: ['A', 'B'],
    };
    expect(encode(members)).toMatchObject({
      body: { ...plain, max_completion_tokens: 100, seed: 7 },
      dropped: 'top_k',
    });
    expect(encode(members, target({ maxTokens: 'max_tokens', takes: ['top_k'] }))).toMatchObject({
      body: { ...plain, max_tokens: 100, top_k: 40 },
      dropped: 'seed',
    });
  });

  it('never lie above what the model can write', () => {
    const to = target({}, { maxOutputTokens: 50 });
    expect(encode({ maxOutputTokens: 100 }, to)).toMatchObject({
      body: { max_completion_tokens: 50 },
      dropped: 'max_tokens',
    });
    expect(encode({ maxOutputTokens: 50 }, to).dropped).toBeNull();
  });

  it('are left out for a model that takes none, and told of', () => {
    const sampling = { ...noSampling, temperature: 0, topP: 1, presencePenalty: 0, frequencyPenalty: 0 };
    const { body, dropped } = encode({ sampling, stop: ['A'] }, target({}, { sampling: false }));
    expect(Object.keys(body)).toEqual(['model', 'messages']);
    expect(dropped).toBe('frequency_penalty, presence_penalty, stop, temperature, top_p');
  });

  it('keep the stop texts of models that take no sampling elsewhere than at OpenAI', () => {
    const to = target({ maxTokens: 'max_tokens' }, { sampling: false });
    expect(encode({ stop: ['A'] }, to)).toMatchObject({ body: { stop: ['A'] }, dropped: null });
  });

  it('are no more than four stop texts', () => {
    expect(encode({ stop: ['A', 'B', 'C', 'D', 'E'] })).toMatchObject({
      body: { stop: ['A', 'B', 'C', 'D'] },
      dropped: 'stop',
    });
  });
});

describe('names and tiers', () => {
  it('stand where the target takes them, and are told as lost where not', () => {
    const members = { userId: 'u', cacheKey: 'k', serviceTier: 'flex', verbosity: 'low' };
    expect(encode(members)).toMatchObject({
      body: { user: 'u', prompt_cache_key: 'k', service_tier: 'flex', verbosity: 'low' },
      dropped: null,
    });
    const { body, dropped } = encode(members, compatible);
    expect(Object.keys(body)).toEqual(['model', 'messages']);
    expect(dropped).toBe('prompt_cache_key, service_tier, user, verbosity');
  });

  it('of a long user are the same short one each time', () => {
    const long = 'x'.repeat(200);
    const { body } = encode({ userId: long });
    expect(body.user).toMatch(/^[0-9a-f]{64}$/);
    expect(encode({ userId: long }).body.user).toBe(body.user);
    expect(encode({ userId: `${long}y` }).body.user).not.toBe(body.user);
  });

  it("of the usual tier are no loss, and Anthropic's word for it is OpenAI's", () => {
    expect(encode({ serviceTier: 'standard_only' }).body.service_tier).toBe('default');
    expect(encode({ serviceTier: 'auto' }, compatible).dropped).toBeNull();
  });
});

describe('tools', () => {
  const f = { kind: 'function', name: 'f', description: 'F', schema, strict: true } as const;
  const patch = {
    kind: 'custom',
    name: 'patch',
    description: null,
    format: { type: 'grammar', syntax: 'lark', definition: 'start: "x"' },
  } as const;

  it('are functions and custom tools, a grammar nested', () => {
    const grammar = { syntax: 'lark', definition: 'start: "x"' };
    expect(encode({ tools: [f, patch, { ...patch, name: 'free', format: null }] }).body.tools).toEqual([
      { type: 'function', function: { name: 'f', description: 'F', parameters: schema, strict: true } },
      { type: 'custom', custom: { name: 'patch', format: { type: 'grammar', grammar } } },
      { type: 'custom', custom: { name: 'free' } },
    ]);
  });

  it('of the provider itself go as they came', () => {
    const raw = { type: 'web_search', web_search: { enable: true } };
    const tools = [{ kind: 'hosted', protocol: 'openai-chat', name: 'web_search', raw } as const];
    expect(encode({ tools, toolChoice: { type: 'hosted', name: 'web_search' } }).body).toMatchObject({
      tools: [raw],
      tool_choice: { type: 'web_search' },
    });
  });

  it('lose what the target does not take, and tell so', () => {
    const tools = [
      { ...f, cache: { ttl: null } },
      { ...f, name: 'g', description: null, strict: false },
    ];
    const { body, dropped } = encode({ tools, parallelToolCalls: false }, compatible);
    expect(body).not.toHaveProperty('parallel_tool_calls');
    expect(body.tools).toEqual([
      { type: 'function', function: { name: 'f', description: 'F', parameters: schema } },
      { type: 'function', function: { name: 'g', parameters: schema } },
    ]);
    expect(dropped).toBe('cache_control, parallel_tool_calls, strict');
    expect(
      encode({ tools: [{ ...f, strict: false }], parallelToolCalls: true }, compatible).dropped,
    ).toBeNull();
  });

  it.each([
    [{ type: 'auto' }, 'auto'],
    [{ type: 'none' }, 'none'],
    [{ type: 'required' }, 'required'],
    [
      { type: 'tool', name: 'f' },
      { type: 'function', function: { name: 'f' } },
    ],
    [
      { type: 'tool', name: 'patch' },
      { type: 'custom', custom: { name: 'patch' } },
    ],
  ] as const)('are chosen by %o', (toolChoice, expected) => {
    const { body } = encode({ tools: [f, patch], toolChoice, parallelToolCalls: false });
    expect(body).toMatchObject({ tool_choice: expected, parallel_tool_calls: false });
  });

  it('are required by another word at Mistral', () => {
    expect(encode({ tools: [f], toolChoice: { type: 'required' } }, compatible).body.tool_choice).toBe('any');
  });

  it('leave out how to call them where there are none', () => {
    const { body } = encode({ toolChoice: { type: 'auto' }, parallelToolCalls: true });
    expect(Object.keys(body)).toEqual(['model', 'messages']);
  });
});

describe('reasoning', () => {
  const nothing: ReasoningWish = {
    effort: null,
    budgetTokens: null,
    mode: null,
    summary: null,
    display: null,
  };
  const ask = (wish: Partial<ReasoningWish>, to: Target) => {
    const { body, dropped } = encode({ reasoning: { ...nothing, ...wish } }, to);
    const { model: _model, messages: _messages, ...members } = body;
    return [members, dropped];
  };

  it.each([
    [{ effort: 'high' }, null, { reasoning_effort: 'high' }, null],
    [{ effort: 'max' }, ['low', 'high'], { reasoning_effort: 'high' }, null],
    [{ budgetTokens: 6000 }, null, { reasoning_effort: 'medium' }, null],
    [{ effort: 'high' }, [], {}, 'reasoning'],
    [{ mode: 'adaptive' }, null, {}, null],
    [{ mode: 'adaptive' }, [], {}, 'reasoning'],
    [{ mode: 'disabled' }, null, {}, 'reasoning'],
    [{ mode: 'disabled' }, [], {}, null],
    [{ mode: 'disabled' }, ['none', 'low'], { reasoning_effort: 'none' }, null],
    [{ effort: 'none' }, ['low', 'high'], { reasoning_effort: 'low' }, 'reasoning'],
  ] as const)('as an effort: %o of a model that takes %o', (wish, efforts, members, dropped) => {
    expect(ask(wish, target({}, { efforts }))).toEqual([members, dropped]);
  });

  it.each([
    [{ effort: 'high' }, null, { reasoning: { effort: 'high' } }, null],
    [{ effort: 'max' }, null, { reasoning: { effort: 'xhigh' } }, null],
    [{ effort: 'high', budgetTokens: 6000 }, null, { reasoning: { max_tokens: 6000 } }, null],
    [{ mode: 'adaptive' }, null, { reasoning: { enabled: true } }, null],
    [{ mode: 'disabled' }, null, { reasoning: { effort: 'none' } }, null],
    [{ summary: 'auto' }, null, {}, null],
    [{ effort: 'high' }, [], {}, 'reasoning'],
    [{ mode: 'disabled' }, [], {}, null],
  ] as const)("in OpenRouter's words: %o of a model that takes %o", (wish, efforts, members, dropped) => {
    expect(ask(wish, target({ reasoning: 'reasoning' }, { efforts }))).toEqual([members, dropped]);
  });

  it.each([
    [{ mode: 'enabled' }, null, { thinking: { type: 'enabled' } }, null],
    [{ effort: 'high' }, null, { thinking: { type: 'enabled' } }, 'reasoning'],
    [{ effort: 'max' }, ['high', 'max'], { thinking: { type: 'enabled' }, reasoning_effort: 'max' }, null],
    [{ effort: 'none' }, null, { thinking: { type: 'disabled' } }, null],
    [{ summary: 'auto' }, null, {}, null],
  ] as const)("in DeepSeek's words: %o of a model that takes %o", (wish, efforts, members, dropped) => {
    expect(ask(wish, target({ reasoning: 'thinking' }, { efforts }))).toEqual([members, dropped]);
  });

  it.each([
    [{ effort: 'high' }, 'reasoning'],
    [{ mode: 'disabled' }, null],
  ] as const)('not at all: %o', (wish, dropped) => {
    expect(ask(wish, target({ reasoning: 'none' }))).toEqual([{}, dropped]);
  });
});

describe('the form of the answer', () => {
  const format: OutputFormat = {
    type: 'json_schema',
    name: 'a',
    description: null,
    schema,
    strict: true,
  };
  const system = { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] } as const;
  const turns: CanonicalRequest['turns'] = [
    { role: 'system', parts: [...system.parts] },
    { role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
  ];

  it('is a schema, which needs a name', () => {
    expect(encode({ format }).body.response_format).toEqual({
      type: 'json_schema',
      json_schema: { name: 'a', schema, strict: true },
    });
    const bare = { ...format, name: null, description: 'D', strict: null };
    expect(encode({ format: bare }).body.response_format).toEqual({
      type: 'json_schema',
      json_schema: { name: 'answer', description: 'D', schema },
    });
  });

  it('is told to the model where it can be held to JSON alone, and reported', () => {
    const { body, dropped } = encode({ turns, format }, target({ format: 'json_object' }));
    expect(body.response_format).toEqual({ type: 'json_object' });
    expect(body.messages).toEqual([
      {
        role: 'system',
        content: expect.stringMatching(
          /^Be brief\.\n\nAnswer with one JSON object .*JSON schema:\n\{"type"/s,
        ),
      },
      { role: 'user', content: 'Hi' },
    ]);
    expect(dropped).toBe('response_format');
  });

  it('is told to the model in a message of its own where there is no other', () => {
    const { body, dropped } = encode({ format: { type: 'json_object' } }, target({ format: 'none' }));
    expect(body).not.toHaveProperty('response_format');
    expect(body.messages).toEqual([
      { role: 'system', content: 'Answer with one JSON object and nothing else.' },
      { role: 'user', content: 'Hello' },
    ]);
    expect(dropped).toBe('response_format');
  });

  it('is JSON alone where no more is asked', () => {
    expect(encode({ format: { type: 'json_object' } }, target({ format: 'json_object' }))).toMatchObject({
      body: { response_format: { type: 'json_object' }, messages: [{ role: 'user' }] },
      dropped: null,
    });
  });
});
