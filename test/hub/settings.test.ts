/** Limits, sampling, formats and names: passed on, fitted, or named as left out. Never lost, never invented. */
import { beforeEach, describe, expect, it } from 'vitest';
import { newestRow, resetScripts, TRANSLATED, useHub } from './bench.ts';
import { exchange, type Protocol } from './exchange.ts';
import { useSeats } from './seats.ts';

const bench = useHub();
const seats = useSeats(bench, {
  opus: { protocol: 'anthropic-messages', kind: 'anthropic', models: ['claude-opus-4-7'] },
  sonnet45: { protocol: 'anthropic-messages', kind: 'anthropic', models: ['claude-sonnet-4-5'] },
  unknownClaude: {
    protocol: 'anthropic-messages',
    kind: 'anthropic-compatible',
    models: ['kimi-of-tomorrow'],
    options: { models: null },
  },
  groq: {
    protocol: 'openai-chat',
    kind: 'groq',
    models: ['llama-3.3-70b-versatile'],
    options: { models: null, basePath: '/openai/v1' },
  },
});
beforeEach(() => resetScripts(bench));

const ask = (client: Protocol, provider: Protocol, fields: object) =>
  exchange(bench, client, bench.seats[provider], fields);

/** The wishes of a client, in its own words. */
const LIMIT: Readonly<Record<Protocol, (tokens: number) => object>> = {
  'openai-chat': (tokens) => ({ max_completion_tokens: tokens }),
  'openai-responses': (tokens) => ({ max_output_tokens: tokens }),
  'anthropic-messages': (tokens) => ({ max_tokens: tokens }),
};

describe.each(TRANSLATED)('a client of %s at a provider of %s', (client, provider) => {
  it('limits the answer by the name the provider has for that', async () => {
    const { sent, dropped } = await ask(client, provider, LIMIT[client](1_234));
    const name = {
      'openai-chat': 'max_tokens',
      'openai-responses': 'max_output_tokens',
      'anthropic-messages': 'max_tokens',
    }[provider];
    expect(sent[name]).toBe(1_234);
    expect(dropped).toEqual([]);
  });

  it('may ask for more than the model gives: it gets what there is, and is told', async () => {
    const { sent, dropped } = await ask(client, provider, LIMIT[client](900_000));
    expect(sent.max_tokens ?? sent.max_output_tokens).toBeLessThanOrEqual(128_000);
    expect(dropped).toContain('max_tokens');
    expect((await newestRow(bench)).dropped).toContain('max_tokens');
  });

  it('gets nothing added to what it asked', async () => {
    const { sent } = await ask(client, provider, {});
    const expected = {
      'openai-chat': ['messages', 'model', ...(client === 'anthropic-messages' ? ['max_tokens'] : [])],
      'openai-responses': [
        'include',
        'input',
        'model',
        'store',
        ...(client === 'anthropic-messages' ? ['max_output_tokens'] : []),
      ],
      'anthropic-messages': ['max_tokens', 'messages', 'model'],
    }[provider];
    expect(Object.keys(sent).toSorted()).toEqual(expected.toSorted());
  });
});

describe('without a limit', () => {
  it.each(['openai-chat', 'openai-responses'] as const)(
    'of a client of %s, Claude may say all it can, not some small number',
    async (client) => {
      expect((await ask(client, 'anthropic-messages', {})).sent.max_tokens).toBe(128_000);
      expect((await exchange(bench, client, seats.sonnet45)).sent.max_tokens).toBe(64_000);
      expect((await exchange(bench, client, seats.unknownClaude)).sent.max_tokens).toBeGreaterThanOrEqual(
        32_000,
      );
    },
  );
});

describe('sampling', () => {
  const CHAT = { temperature: 1.7, top_p: 0.9, seed: 7, presence_penalty: 0.5, frequency_penalty: 0.5 };

  it('of chat: Anthropic’s range and fields, the rest is named', async () => {
    const { sent, dropped } = await ask('openai-chat', 'anthropic-messages', CHAT);
    expect(sent).toMatchObject({ temperature: 1 });
    for (const field of ['seed', 'presence_penalty', 'frequency_penalty'])
      expect(sent).not.toHaveProperty(field);
    expect(dropped).toEqual(
      expect.arrayContaining(['frequency_penalty', 'presence_penalty', 'seed', 'temperature']),
    );
  });

  it('of Anthropic: `top_k` is its own', async () => {
    const { sent, dropped } = await ask('anthropic-messages', 'openai-chat', { temperature: 0.5, top_k: 40 });
    expect(sent.temperature).toBe(0.5);
    expect(sent).not.toHaveProperty('top_k');
    expect(dropped).toEqual(['top_k']);
  });

  it.each(['openai-chat', 'openai-responses'] as const)(
    'of a client of %s is left out where the model takes none',
    async (client) => {
      const asked = { temperature: 0.2, top_p: 0.9 };
      const opus = await exchange(bench, client, seats.opus, asked);
      expect([opus.sent.temperature, opus.sent.top_p]).toEqual([undefined, undefined]);
      expect(opus.dropped).toEqual(['temperature', 'top_p']);
    },
  );

  it('of Anthropic is left out where a model of OpenAI’s takes none', async () => {
    const { sent, dropped } = await ask('anthropic-messages', 'openai-responses', {
      temperature: 0.2,
      top_p: 0.9,
      top_k: 5,
    });
    for (const field of ['temperature', 'top_p', 'top_k']) expect(sent).not.toHaveProperty(field);
    expect(dropped).toEqual(['temperature', 'top_k', 'top_p']);
  });

  it('both of temperature and top_p go to a Claude that takes one: it gets one, and the client is told', async () => {
    const { sent, dropped } = await exchange(bench, 'openai-chat', seats.sonnet45, {
      temperature: 0.3,
      top_p: 0.5,
    });
    expect([sent.temperature, sent.top_p]).toEqual([0.3, undefined]);
    expect(dropped).toEqual(['top_p']);
  });

  it('a value that changes nothing is not a loss', async () => {
    const nothing = {
      temperature: 1,
      top_p: 1,
      presence_penalty: 0,
      frequency_penalty: 0,
      n: 1,
      logprobs: false,
    };
    const { dropped } = await exchange(bench, 'openai-chat', seats.opus, nothing);
    expect(dropped).toEqual([]);
  });
});

describe('texts that end the answer', () => {
  it('have two names, and none in Responses', async () => {
    expect((await ask('openai-chat', 'anthropic-messages', { stop: 'END' })).sent.stop_sequences).toEqual([
      'END',
    ]);
    const back = await ask('anthropic-messages', 'openai-chat', { stop_sequences: ['END', '###'] });
    expect(back.sent.stop).toEqual(['END', '###']);
    const none = await ask('anthropic-messages', 'openai-responses', { stop_sequences: ['END'] });
    expect([none.sent.stop, none.dropped]).toEqual([undefined, ['stop']]);
  });

  it('may be more than a service takes: as many as it takes go, and the client is told', async () => {
    const five = ['a', 'b', 'c', 'd', 'e'];
    const { sent, dropped } = await ask('anthropic-messages', 'openai-chat', { stop_sequences: five });
    expect([sent.stop, dropped]).toEqual([five.slice(0, 4), ['stop']]);
  });

  it('may be blank, which Anthropic refuses', async () => {
    const { sent, dropped } = await ask('openai-chat', 'anthropic-messages', { stop: ['\n', 'END'] });
    expect([sent.stop_sequences, dropped]).toEqual([['END'], ['stop']]);
  });
});

describe('an answer of a form', () => {
  const schema = {
    type: 'object',
    properties: { n: { type: 'integer' } },
    required: ['n'],
    additionalProperties: false,
  };
  const ASKED: Readonly<Record<Protocol, object>> = {
    'openai-chat': {
      response_format: { type: 'json_schema', json_schema: { name: 'count', schema, strict: true } },
    },
    'openai-responses': { text: { format: { type: 'json_schema', name: 'count', schema, strict: true } } },
    'anthropic-messages': { output_config: { format: { type: 'json_schema', schema } } },
  };

  it.each(TRANSLATED)(
    'asked for by a client of %s is asked of a provider of %s in its words',
    async (client, provider) => {
      const { sent, dropped } = await ask(client, provider, ASKED[client]);
      const [field] = Object.keys(ASKED[provider]);
      const expected = JSON.parse(JSON.stringify(ASKED[provider])) as object;
      if (client === 'anthropic-messages') {
        // Anthropic's schemas have neither a name nor a mark of strictness.
        expect(sent[field ?? '']).not.toEqual({});
        expect(JSON.stringify(sent[field ?? ''])).toContain(JSON.stringify(schema));
      } else expect(sent).toMatchObject(expected);
      expect(dropped).toEqual([]);
    },
  );

  it('that a service cannot vouch for is asked for in words, and the client is told', async () => {
    const loose = { type: 'object', properties: { n: { type: 'integer', minimum: 3 } } };
    const format = {
      response_format: { type: 'json_schema', json_schema: { name: 'count', schema: loose } },
    };
    const { dropped } = await ask('openai-chat', 'anthropic-messages', format);
    expect(dropped).toEqual(['response_format']);
  });

  it('“some JSON” is asked of Anthropic in words', async () => {
    const messages = [{ role: 'user', content: 'json please' }];
    const { sent, dropped } = await ask('openai-chat', 'anthropic-messages', {
      messages,
      response_format: { type: 'json_object' },
    });
    expect(sent.system).toMatch(/JSON/);
    expect(dropped).toEqual(['response_format']);
  });
});

describe('names and tiers', () => {
  it('the caller’s user goes from one to the other', async () => {
    const chat = await ask('openai-chat', 'anthropic-messages', { user: 'u-1' });
    expect(chat.sent.metadata).toEqual({ user_id: 'u-1' });
    const user_id = JSON.stringify({ device_id: 'd'.repeat(64), session_id: 's' });
    const { sent } = await ask('anthropic-messages', 'openai-responses', { metadata: { user_id } });
    expect(sent.safety_identifier.length).toBeLessThanOrEqual(64);
  });

  it('a cache key and a verbosity go where they are known, and are named where not', async () => {
    const asked = { prompt_cache_key: 'k', verbosity: 'low', service_tier: 'flex' };
    const responses = await ask('openai-chat', 'openai-responses', asked);
    expect(responses.sent).toMatchObject({
      prompt_cache_key: 'k',
      text: { verbosity: 'low' },
      service_tier: 'flex',
    });
    const messages = await ask('openai-chat', 'anthropic-messages', asked);
    expect(messages.dropped).toEqual(['prompt_cache_key', 'service_tier', 'verbosity']);
  });

  it('a tier that stands for the usual one is no loss', async () => {
    const { sent, dropped } = await ask('openai-chat', 'anthropic-messages', { service_tier: 'default' });
    expect([sent.service_tier, dropped]).toEqual(['standard_only', []]);
    const back = await ask('anthropic-messages', 'openai-responses', { service_tier: 'standard_only' });
    expect([back.sent.service_tier, back.dropped]).toEqual(['default', []]);
  });

  it('another server gets what it is known to take', async () => {
    const asked = { metadata: { user_id: 'u-1' }, service_tier: 'auto' };
    const { sent } = await exchange(bench, 'anthropic-messages', seats.groq, { ...asked, max_tokens: 500 });
    expect(sent).toMatchObject({ max_completion_tokens: 500, user: 'u-1' });
  });
});

describe('wishes that no other protocol has', () => {
  it('several answers at once are refused, with what to set', async () => {
    for (const provider of ['anthropic-messages', 'openai-responses'] as const) {
      const { status, json, sent } = await ask('openai-chat', provider, { n: 2 });
      expect([status, json.error.code, sent]).toEqual([400, 'invalid_request', undefined]);
      expect(json.error.message).toMatch(/n to 1/);
    }
  });

  it('are named in the header and on the audit row', async () => {
    const asked = {
      logprobs: true,
      top_logprobs: 3,
      logit_bias: { 50256: -100 },
      prediction: { type: 'content', content: 'x' },
    };
    const { dropped, sent } = await ask('openai-chat', 'anthropic-messages', asked);
    expect(dropped).toEqual(['logit_bias', 'logprobs', 'prediction', 'top_logprobs']);
    for (const field of Object.keys(asked)) expect(sent).not.toHaveProperty(field);
    expect((await newestRow(bench)).dropped).toBe(dropped.join(', '));
  });

  it('of Anthropic’s betas and Claude Code are named too', async () => {
    const asked = {
      context_management: { edits: [{ type: 'clear_thinking_20251015' }] },
      container: 'c-1',
      safeguards: { a: 1 },
    };
    for (const provider of ['openai-chat', 'openai-responses'] as const) {
      const { dropped } = await ask('anthropic-messages', provider, asked);
      expect(dropped).toEqual(['container', 'context_management', 'safeguards']);
    }
  });

  it('of Responses are named, and what is met anyway is not', async () => {
    const met = {
      store: false,
      include: ['reasoning.encrypted_content'],
      truncation: 'disabled',
      background: false,
      metadata: {},
      stream: false,
    };
    const asked = { max_tool_calls: 3, truncation: 'auto', top_logprobs: 2, prompt_cache_retention: '24h' };
    const first = await ask('openai-responses', 'anthropic-messages', { ...met });
    expect(first.dropped).toEqual([]);
    const second = await ask('openai-responses', 'anthropic-messages', { ...met, ...asked });
    expect(second.dropped).toEqual([
      'max_tool_calls',
      'prompt_cache_retention',
      'top_logprobs',
      'truncation',
    ]);
  });
});
