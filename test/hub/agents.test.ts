/** Agents as they are, at providers of other protocols than their own. */
import { beforeEach, describe, expect, it } from 'vitest';
import { AGENTS, type Agent } from './agent-bodies.ts';
import { PROTOCOLS, resetScripts, useHub } from './bench.ts';
import { exchange, type Protocol } from './exchange.ts';

const bench = useHub();
beforeEach(() => resetScripts(bench));

const RUNS = Object.entries(AGENTS).flatMap(([name, agent]) =>
  PROTOCOLS.filter((provider) => provider !== agent.protocol).map((provider) => ({ name, provider, agent })),
);

describe('a body of', () => {
  it.each(RUNS)('$name reaches a provider of $provider', async ({ provider, agent }) => {
    const { protocol, body, reaches, dropped = [], options } = agent;
    const answer = await exchange(bench, protocol, bench.seats[provider], body, options);
    expect(answer.status).toBe(200);
    for (const part of reaches)
      expect(answer.sentText).toContain(part.startsWith('"') ? part : JSON.stringify(part).slice(1, -1));
    expect(answer.dropped).toEqual(
      expect.arrayContaining(dropped.filter((name) => mayBeDropped(name, provider))),
    );
    expect(Object.keys(answer.sent)).not.toContain('context_management');
  });
});

/** Encrypted reasoning of OpenAI's may go nowhere but there, cache marks nowhere but to Anthropic. */
function mayBeDropped(name: string, provider: Protocol): boolean {
  return !(name === 'cache_control' && provider === 'anthropic-messages');
}

describe('headers and queries', () => {
  it('of one protocol do not reach a provider of another', async () => {
    const agent = AGENTS['Claude Code, main request'] as Agent;
    for (const provider of ['openai-chat', 'openai-responses'] as const) {
      await exchange(bench, agent.protocol, bench.seats[provider], agent.body, agent.options);
      const request = bench.seats[provider].provider.requests.at(-1);
      expect(request?.query).toBe('');
      const names = Object.keys(request?.headers ?? {});
      expect(
        names.filter((name) => name.startsWith('anthropic') || name === 'x-app' || name === 'x-api-key'),
      ).toEqual([]);
      expect(request?.headers.authorization).toBe('Bearer sk-provider');
    }
    await exchange(
      bench,
      'openai-chat',
      bench.seats['anthropic-messages'],
      {},
      { headers: { 'openai-organization': 'org', 'openai-beta': 'x' } },
    );
    const headers = bench.seats['anthropic-messages'].provider.requests.at(-1)?.headers ?? {};
    expect(headers['anthropic-version']).toMatch(/^\d{4}-/);
    expect(Object.keys(headers).filter((name) => name.startsWith('openai'))).toEqual([]);
  });

  it('a count of tokens is estimated where no provider counts', async () => {
    const { model } = bench.seats['openai-responses'];
    const body = { model, messages: [{ role: 'user', content: 'word '.repeat(400) }] };
    const { status, body: counted } = await bench.gateway.post('/v1/messages/count_tokens?beta=true', body);
    expect(status).toBe(200);
    expect(counted.input_tokens).toBeGreaterThan(300);
    expect(counted.input_tokens).toBeLessThan(900);
  });

  it('a body of some megabytes goes through', async () => {
    const text = 'x'.repeat(3 * 1024 * 1024);
    const { sentText } = await exchange(bench, 'openai-chat', bench.seats['anthropic-messages'], {
      messages: [{ role: 'user', content: text }],
    });
    expect(sentText).toContain(text);
  });
});
