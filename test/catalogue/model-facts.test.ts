import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ListedFacts } from '../../gateway/catalogue/listed-facts.ts';
import { factsFor, publicFacts, upstreamFacts } from '../../gateway/catalogue/model-facts.ts';
import { type Model, Models } from '../../gateway/catalogue/models.ts';
import {
  EFFORTS,
  type Modality,
  type ModelFacts,
  THINKING_MODES,
  UNKNOWN_FACTS,
} from '../../gateway/protocols/model-facts.ts';
import type { ProviderKind } from '../../gateway/providers/provider-kinds.ts';
import { type Provider, Providers } from '../../gateway/providers/providers.ts';
import { openStore } from '../../gateway/store/store.ts';
import { tempDir } from '../store/support.ts';

async function open() {
  const store = await openStore({ dataDir: tempDir() });
  onTestFinished(() => store.close());
  const { db } = store;
  return { models: new Models(db), providers: new Providers(db), listed: new ListedFacts(db) };
}

function providerOf(providers: Providers, kind: ProviderKind): Provider {
  return providers.create({
    ...{
      name: kind,
      kind,
      baseUrl: 'http://x',
      enabled: true,
      priority: 0,
      headers: {},
      proxy: null,
      ca: null,
    },
    ...{ credentialStored: false, createdAt: 1 },
  });
}

function target(provider: Provider, upstreamModel: string) {
  return { providerId: provider.id, upstreamModel, priority: 0, weight: 1 };
}

function model(some: Partial<Model>): Model {
  return {
    ...{ id: 'public', targets: [], aliasOf: null, multiplier: 1, price: null, enabled: true, createdAt: 1 },
    facts: UNKNOWN_FACTS,
    ...some,
  };
}

describe('what is known of a target', () => {
  it("comes field by field from the owner, the provider's listing, what is shipped, the price catalogue", async () => {
    const { providers, listed } = await open();
    const provider = providerOf(providers, 'anthropic');
    const to = target(provider, 'claude-opus-4-7');
    const known = (facts: Partial<ModelFacts> = {}) =>
      factsFor(model({ facts: { ...UNKNOWN_FACTS, ...facts } }), to, provider, listed);
    expect(known()).toEqual({
      contextWindow: 1_000_000,
      maxOutputTokens: 128_000,
      inputModalities: ['text', 'image', 'pdf'],
      efforts: ['low', 'medium', 'high', 'xhigh', 'max'],
      thinking: ['adaptive', 'disabled'],
      sampling: false,
    });
    listed.note(
      provider.id,
      [{ id: 'claude-opus-4-7', facts: { contextWindow: 500_000, efforts: ['low'] } }],
      1,
    );
    expect(known()).toMatchObject({ contextWindow: 500_000, efforts: ['low'], maxOutputTokens: 128_000 });
    expect(known({ contextWindow: 7, sampling: true, thinking: [] })).toMatchObject({
      ...{ contextWindow: 7, sampling: true, thinking: [] },
      efforts: ['low'],
    });
    expect(upstreamFacts(provider, 'claude-opus-4-7', listed)).toEqual(known());

    const moonshot = providerOf(providers, 'openrouter');
    expect(factsFor(model({}), target(moonshot, 'moonshotai/kimi-k2-0905'), moonshot, listed)).toEqual({
      ...UNKNOWN_FACTS,
      contextWindow: 262_144,
    });
  });

  it('is told of the provider that listed it alone', async () => {
    const { providers, listed } = await open();
    const [one, other] = [providerOf(providers, 'vllm'), providerOf(providers, 'vllm')];
    listed.note(one.id, [{ id: 'gpt-4o', facts: { contextWindow: 32_768 } }], 1);
    expect(upstreamFacts(one, 'gpt-4o', listed).contextWindow).toBe(32_768);
    expect(upstreamFacts(other, 'gpt-4o', listed)).toEqual(UNKNOWN_FACTS);
  });

  it('is not taken from a name where a local server gives any name to anything', async () => {
    const { providers, listed } = await open();
    const local = providerOf(providers, 'ollama');
    expect(factsFor(model({ id: 'gpt-4o' }), target(local, 'gpt-4o'), local, listed)).toEqual(UNKNOWN_FACTS);
  });

  it("is found by the public id for Azure's deployments, and for nobody else", async () => {
    const { providers, listed } = await open();
    const [azure, openai] = [providerOf(providers, 'azure-openai'), providerOf(providers, 'openai')];
    const gpt = model({ id: 'gpt-4.1' });
    expect(factsFor(gpt, target(azure, 'my-deployment'), azure, listed).maxOutputTokens).toBe(32_768);
    expect(factsFor(gpt, target(azure, 'gpt-4o'), azure, listed).maxOutputTokens).toBe(16_384);
    expect(factsFor(gpt, target(openai, 'my-deployment'), openai, listed)).toEqual(UNKNOWN_FACTS);
  });
});

const factsArbitrary: fc.Arbitrary<ModelFacts> = fc.record({
  contextWindow: fc.option(fc.integer({ min: 1, max: 1e6 })),
  maxOutputTokens: fc.option(fc.integer({ min: 1, max: 1e5 })),
  inputModalities: fc.option(fc.subarray<Modality>(['text', 'image', 'pdf'])),
  efforts: fc.option(fc.subarray([...EFFORTS])),
  thinking: fc.option(fc.subarray([...THINKING_MODES])),
  sampling: fc.option(fc.boolean()),
});

describe('what is told of a public model', () => {
  it('holds for every target', async () => {
    const { models, providers } = await open();
    const provider = providerOf(providers, 'openai');
    fc.assert(
      fc.property(fc.array(factsArbitrary, { minLength: 1, maxLength: 3 }), (all) => {
        const targets = all.map((_, index) => target(provider, String(index)));
        const parts = {
          models,
          providers,
          facts: (_: Model, { upstreamModel }: { upstreamModel: string }) => factsAt(all, upstreamModel),
        };
        const told = publicFacts(parts, model({ targets }));
        for (const facts of all) {
          expect(told.contextWindow ?? 0).toBeLessThanOrEqual(facts.contextWindow ?? 0);
          expect(told.maxOutputTokens ?? 0).toBeLessThanOrEqual(facts.maxOutputTokens ?? 0);
          expect(facts.inputModalities ?? []).toEqual(
            expect.arrayContaining([...(told.inputModalities ?? [])]),
          );
          expect(facts.efforts ?? []).toEqual(expect.arrayContaining([...(told.efforts ?? [])]));
          expect(facts.thinking ?? []).toEqual(expect.arrayContaining([...(told.thinking ?? [])]));
          if (told.sampling === true) expect(facts.sampling).toBe(true);
        }
        if (all.length === 1) expect(told).toEqual(all[0]);
      }),
    );
  });

  it('leaves out providers that are switched off, unless all are', async () => {
    const { models, providers, listed } = await open();
    const [large, small] = [providerOf(providers, 'vllm'), providerOf(providers, 'vllm')];
    listed.note(large.id, [{ id: 'm', facts: { contextWindow: 100 } }], 1);
    listed.note(small.id, [{ id: 'm', facts: { contextWindow: 10 } }], 1);
    const parts = {
      ...{ models, providers },
      facts: (one: Model, to: Model['targets'][number], provider: Provider) =>
        factsFor(one, to, provider, listed),
    };
    const both = model({ targets: [target(large, 'm'), target(small, 'm')] });
    expect(publicFacts(parts, both).contextWindow).toBe(10);
    providers.update(small.id, { enabled: false });
    expect(publicFacts(parts, both).contextWindow).toBe(100);
    providers.update(large.id, { enabled: false });
    expect(publicFacts(parts, both).contextWindow).toBe(10);
  });

  it('of an alias is what is told of its model; without targets, what the owner said', async () => {
    const { models, providers } = await open();
    const parts = { models, providers, facts: () => UNKNOWN_FACTS };
    const served = model({ id: 'served', facts: { ...UNKNOWN_FACTS, contextWindow: 5 } });
    const alias = model({ id: 'alias', aliasOf: 'served', facts: { ...UNKNOWN_FACTS, contextWindow: 9 } });
    for (const one of [served, alias]) models.put(one);
    expect(publicFacts(parts, alias)).toEqual({ ...UNKNOWN_FACTS, contextWindow: 5 });
  });
});

function factsAt(all: readonly ModelFacts[], index: string): ModelFacts {
  return all[Number(index)] ?? UNKNOWN_FACTS;
}
