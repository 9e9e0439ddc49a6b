import { describe, expect, it } from 'vitest';
import type { Model } from '../../gateway/catalogue/models.ts';
import { type AskedOfRoute, type Route, type RouteParts, routesFor } from '../../gateway/pipeline/route.ts';
import type { Endpoint } from '../../gateway/protocols/endpoint.ts';
import { UNKNOWN_FACTS } from '../../gateway/protocols/model-facts.ts';
import { PROVIDERS } from '../../gateway/providers/catalogue.ts';
import type { ProviderKind } from '../../gateway/providers/provider-kinds.ts';
import type { Providers } from '../../gateway/providers/providers.ts';
import type { Upstreams } from '../../gateway/providers/upstreams.ts';

/** The ways to one provider, the first first, by the protocols it is asked in; `=` where bytes pass through. */
function ways(
  kind: ProviderKind,
  endpoint: Endpoint,
  { baseUrl = PROVIDERS[kind].baseUrl ?? 'http://10.0.0.1', lacks = [] as string[], ...asked } = {} as {
    baseUrl?: string;
    lacks?: string[];
  } & Partial<AskedOfRoute>,
): string[] {
  const provider = { id: 1, name: 'P', kind, baseUrl, enabled: true, priority: 0 };
  const parts = {
    providers: { get: () => provider } as unknown as Providers,
    upstreams: { lacks: (_: number, protocol: string) => lacks.includes(protocol) } as unknown as Upstreams,
    facts: () => UNKNOWN_FACTS,
    random: () => 0.5,
  } satisfies RouteParts;
  const model = {
    id: 'm',
    targets: [{ providerId: 1, upstreamModel: 'up', priority: 0, weight: 1 }],
  } as Model;
  const found: string[] = [];
  const [first] = routesFor(parts, model, endpoint, { plain: true, bareTools: false, ...asked });
  for (let route: Route | null = first ?? null; route !== null; route = route.otherwise) {
    found.push(route.into === null ? '=' : route.protocol);
  }
  return found;
}

describe('the way to a provider', () => {
  it.each([
    ['openai', 'chat', ['=']],
    ['openai', 'responses', ['=']],
    ['openai', 'messages', ['openai-responses']],
    ['anthropic', 'messages', ['=']],
    ['anthropic', 'chat', ['anthropic-messages']],
    ['mistral', 'responses', ['openai-chat']],
    ['xai', 'messages', ['openai-responses']],
    ['google', 'chat', ['=']],
    ['google', 'messages', ['native']],
    ['bedrock', 'chat', ['native']],
    ['vertex', 'responses', ['native']],
    ['deepseek', 'messages', ['=']],
  ] as const)('%s, for a caller of %s, is %j', (kind, endpoint, expected) => {
    const baseUrl = PROVIDERS[kind].baseUrl ?? 'http://10.0.0.1';
    expect(ways(kind, endpoint, { baseUrl })).toEqual(expected);
  });

  it('is another where the body is written in another way', () => {
    expect(ways('openai', 'chat', { plain: false })).toEqual(['openai-responses']);
    expect(ways('mistral', 'chat', { plain: false })).toEqual(['openai-chat']);
  });

  it('is native for loops of tools at Google itself, where signatures would be lost, and nowhere else', () => {
    expect(ways('google', 'chat', { bareTools: true })).toEqual(['native']);
    expect(ways('google', 'embeddings', { bareTools: true })).toEqual(['=']);
    const elsewhere = { bareTools: true, baseUrl: 'http://10.0.0.1:8000/v1' };
    expect(ways('google', 'chat', elsewhere)).toEqual(['=', 'native']);
    expect(ways('openai', 'chat', { bareTools: true })).toEqual(['=']);
  });

  it('has others behind it where the server may be any, up to the protocol that every server has', () => {
    expect(ways('ollama', 'messages')).toEqual(['=', 'openai-chat']);
    expect(ways('ollama', 'chat')).toEqual(['=']);
    expect(ways('openai', 'chat', { baseUrl: 'http://10.0.0.1/v1' })).toEqual(['=', 'openai-responses']);
    expect(ways('openai', 'messages', { baseUrl: 'http://10.0.0.1/v1' })).toEqual([
      'openai-responses',
      'openai-chat',
    ]);
  });

  it('leaves out what a server has shown that it lacks', () => {
    expect(ways('ollama', 'messages', { lacks: ['anthropic-messages'] })).toEqual(['openai-chat']);
  });

  it('is none for a token count that nobody can make', () => {
    expect(ways('openai', 'count_tokens')).toEqual([]);
  });
});
