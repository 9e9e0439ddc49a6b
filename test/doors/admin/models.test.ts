import { describe, expect, it } from 'vitest';
import { UNKNOWN_FACTS } from '../../../gateway/protocols/model-facts.ts';
import { type AdminApp, openAdmin } from './admin-app.ts';

async function withProvider(): Promise<AdminApp & { providerId: string }> {
  const admin = await openAdmin();
  const { body } = await admin.call('POST', '/providers', { name: 'Ollama', kind: 'ollama' });
  return { ...admin, providerId: body.id };
}

describe('models', () => {
  it('are added with targets', async () => {
    const { call, providerId, parts } = await withProvider();
    const added = await call('POST', '/models', {
      id: 'team/coder',
      targets: [{ providerId, upstreamModel: 'qwen3' }],
      multiplier: 1.5,
      price: { input: 75_000, output: 300_000 },
    });
    expect(added.status).toBe(201);
    expect(added.body).toMatchObject({
      id: 'team/coder',
      targets: [{ providerId, providerName: 'Ollama', upstreamModel: 'qwen3', priority: 0, weight: 1 }],
      ...{
        aliasOf: null,
        multiplier: 1.5,
        price: { input: 75_000, output: 300_000 },
        enabled: true,
        bound: true,
      },
    });
    expect((await call('GET', '/models/team%2Fcoder')).body).toEqual(added.body);
    expect(parts.models.resolve('team/coder')?.served.targets[0]?.upstreamModel).toBe('qwen3');
    const listed = (await call('GET', '/models?pageSize=1000')).body.data;
    expect(listed.find(({ id }: { id: string }) => id === 'quota/fast')).toMatchObject({ bound: false });
  });

  it('bind a shipped alias, and give it targets in its place', async () => {
    const { call, providerId } = await withProvider();
    const bound = await call('PATCH', '/models/quota%2Ffast', { aliasOf: 'ntl/echo' });
    expect(bound.body).toMatchObject({ aliasOf: 'ntl/echo', bound: true });
    const targets = [{ providerId, upstreamModel: 'small' }];
    expect((await call('PATCH', '/models/quota%2Ffast', { targets })).body).toMatchObject({
      aliasOf: null,
      bound: true,
    });
    const again = await call('PATCH', '/models/quota%2Ffast', { aliasOf: 'ntl/echo' });
    expect(again.body).toMatchObject({ aliasOf: 'ntl/echo', targets: [] });
    const both = await call('PATCH', '/models/quota%2Ffast', { aliasOf: 'ntl/echo', targets });
    expect(both.body.error.param).toBe('aliasOf');
    expect((await call('PATCH', '/models/quota%2Ffast', { aliasOf: null })).body).toMatchObject({
      aliasOf: null,
      bound: false,
    });
  });

  it('cannot lead in a circle', async () => {
    const { call } = await withProvider();
    await call('PATCH', '/models/quota%2Ffast', { aliasOf: 'quota/sonnet' });
    await call('PATCH', '/models/quota%2Fsonnet', { aliasOf: 'quota/opus' });
    const circle = await call('PATCH', '/models/quota%2Fopus', { aliasOf: 'quota/fast' });
    expect(circle.body.error).toMatchObject({ code: 'invalid_request', param: 'aliasOf' });
    expect((await call('PATCH', '/models/quota%2Fopus', { aliasOf: 'quota/opus' })).status).toBe(400);
  });

  it('are renamed everywhere', async () => {
    const { call, parts, providerId } = await withProvider();
    await call('POST', '/models', { id: 'old', targets: [{ providerId, upstreamModel: 'm' }] });
    await call('PATCH', '/models/quota%2Ffast', { aliasOf: 'old' });
    await call('PUT', '/limits', {
      scope: 'plan',
      subjectId: 'pro',
      model: 'old',
      metric: 'requests',
      windowSeconds: 60,
      amount: 3,
    });
    const { body: member } = await call('POST', '/members', { name: 'Mia', allowedModels: ['other', 'old'] });
    await call('PATCH', '/settings', { defaultModel: 'old' });

    const renamed = await call('PATCH', '/models/old', { id: 'new/name', multiplier: 2 });
    expect(renamed.body).toMatchObject({
      id: 'new/name',
      multiplier: 2,
      targets: [{ upstreamModel: 'm' }],
      bound: true,
    });
    expect(parts.models.get('old')).toBeUndefined();
    expect(parts.models.resolve('quota/fast')?.served.id).toBe('new/name');
    expect(parts.limits.list().map(({ model }) => model)).toContain('new/name');
    expect(parts.limits.list().map(({ model }) => model)).not.toContain('old');
    expect((await call('GET', `/members/${member.id}`)).body.allowedModels).toEqual(['other', 'new/name']);
    expect((await call('GET', '/settings')).body.defaultModel).toBe('new/name');
    expect((await call('PATCH', '/models/new%2Fname', { id: 'quota/opus' })).status).toBe(409);
  });

  it('are removed, unless an alias stands for them', async () => {
    const { call, parts } = await withProvider();
    await call('POST', '/models', { id: 'plain', aliasOf: 'ntl/echo' });
    await call('POST', '/models', { id: 'alias', aliasOf: 'plain' });
    await call('PUT', '/limits', {
      scope: 'plan',
      subjectId: 'pro',
      model: 'plain',
      metric: 'requests',
      windowSeconds: 60,
      amount: 3,
    });
    await call('PATCH', '/settings', { defaultModel: 'plain' });
    const held = await call('DELETE', '/models/plain');
    expect(held.status).toBe(409);
    expect(held.body.error.message).toContain('alias');
    expect((await call('DELETE', '/models/alias')).status).toBe(204);
    expect((await call('DELETE', '/models/plain')).status).toBe(204);
    expect(parts.limits.list()).toHaveLength(3);
    expect((await call('GET', '/settings')).body.defaultModel).toBeNull();
    expect((await call('DELETE', '/models/plain')).status).toBe(404);
  });

  it('leave ntl/echo as it is, though it can be switched off', async () => {
    const { call, providerId } = await withProvider();
    const targets = [{ providerId, upstreamModel: 'm' }];
    expect((await call('PATCH', '/models/ntl%2Fecho', { targets })).body.error.param).toBe('targets');
    expect((await call('PATCH', '/models/ntl%2Fecho', { aliasOf: 'quota/fast' })).body.error.param).toBe(
      'aliasOf',
    );
    expect((await call('PATCH', '/models/ntl%2Fecho', { id: 'echo' })).status).toBe(409);
    expect((await call('DELETE', '/models/ntl%2Fecho')).status).toBe(409);
    expect((await call('PATCH', '/models/ntl%2Fecho', { enabled: false })).body).toMatchObject({
      enabled: false,
      bound: false,
    });
  });

  it('with the longest id are reached by it', async () => {
    const { call } = await withProvider();
    const id = `${'ä/'.repeat(63)}xy`;
    expect((await call('POST', '/models', { id })).status).toBe(201);
    expect((await call('GET', `/models/${encodeURIComponent(id)}`)).body.id).toBe(id);
  });

  it.each([
    [{ id: 'two words' }, 400, 'id'],
    [{ id: 'tab\there' }, 400, 'id'],
    [{ id: 'x'.repeat(129) }, 400, 'id'],
    [{ id: '' }, 400, 'id'],
    [{ id: 'auto' }, 409, 'id'],
    [{ id: 'quota/fast' }, 409, 'id'],
    [{ id: 'm', multiplier: 0 }, 400, 'multiplier'],
    [{ id: 'm', aliasOf: 'nobody' }, 400, 'aliasOf'],
    [{ id: 'm', price: { input: 1 } }, 400, 'price.output'],
    [
      {
        id: 'm',
        targets: [
          { providerId: '1', upstreamModel: 'a' },
          { providerId: '9', upstreamModel: 'a' },
        ],
      },
      400,
      'targets[1].providerId',
    ],
    [
      {
        id: 'm',
        targets: [
          { providerId: '1', upstreamModel: 'a' },
          { providerId: '1', upstreamModel: 'a' },
        ],
      },
      400,
      'targets[1]',
    ],
    [{ id: 'm', targets: [{ providerId: '1', upstreamModel: 'a', weight: 0 }] }, 400, 'targets[0].weight'],
    [{ id: 'm', targets: [{ providerId: '1', upstream: 'a' }] }, 400, 'targets[0].upstreamModel'],
    [{ id: 'm', aliasOf: 'ntl/echo', targets: [{ providerId: '1', upstreamModel: 'a' }] }, 400, 'aliasOf'],
  ])('are refused as %j', async (body, status, param) => {
    const { call, parts } = await withProvider();
    const refused = await call('POST', '/models', body);
    expect([refused.status, refused.body.error.param]).toEqual([status, param]);
    expect(parts.models.list()).toHaveLength(7);
  });
});

describe('what is known of a model', () => {
  async function published(targets: { kind: string; upstreamModel: string }[]) {
    const admin = await openAdmin();
    const made = [];
    for (const { kind, upstreamModel } of targets) {
      const { body } = await admin.call('POST', '/providers', { name: kind, kind });
      made.push({ providerId: body.id as string, upstreamModel });
    }
    await admin.call('POST', '/models', { id: 'm', targets: made });
    const facts = async () => (await admin.call('GET', '/models/m')).body;
    return { ...admin, targets: made, facts };
  }

  it('is told, and the owner changes it field by field', async () => {
    const { call, facts } = await published([{ kind: 'openai', upstreamModel: 'gpt-4o' }]);
    expect(await facts()).toMatchObject({
      facts: UNKNOWN_FACTS,
      effectiveFacts: {
        contextWindow: 128_000,
        maxOutputTokens: 16_384,
        efforts: [],
        sampling: true,
        thinking: null,
      },
    });
    const patch = (said: unknown) => call('PATCH', '/models/m', { facts: said });
    await patch({
      contextWindow: 64_000,
      efforts: ['high', 'low', 'high'],
      inputModalities: ['pdf', 'text'],
    });
    const changed = await patch({ sampling: false, thinking: [] });
    expect(changed.body).toMatchObject({
      facts: { contextWindow: 64_000, maxOutputTokens: null, sampling: false, thinking: [] },
      effectiveFacts: { contextWindow: 64_000, maxOutputTokens: 16_384, sampling: false, thinking: [] },
    });
    expect(changed.body.facts.efforts).toEqual(['low', 'high']);
    expect(changed.body.effectiveFacts.inputModalities).toEqual(['text', 'pdf']);
    await call('PATCH', '/models/m', { multiplier: 2, id: 'n' });
    await call('PATCH', '/models/n', { id: 'm' });
    expect((await facts()).facts.contextWindow).toBe(64_000);
    await patch({ contextWindow: null });
    expect(await facts()).toMatchObject({ facts: { contextWindow: null, sampling: false } });
    expect((await facts()).effectiveFacts.contextWindow).toBe(128_000);
    await patch(null);
    expect((await facts()).facts).toEqual(UNKNOWN_FACTS);
    const [last] = (await call('GET', '/changes')).body.data;
    expect(last).toMatchObject({
      before: { facts: { sampling: false } },
      after: { facts: { sampling: null } },
    });
    expect(last.after).not.toHaveProperty('effectiveFacts');
  });

  it('holds for all of its targets', async () => {
    const { facts, parts, targets } = await published([
      { kind: 'openai', upstreamModel: 'gpt-5.1' },
      { kind: 'xai', upstreamModel: 'grok-4.5' },
      { kind: 'vllm', upstreamModel: 'my-own' },
    ]);
    expect((await facts()).effectiveFacts).toEqual({ ...UNKNOWN_FACTS, sampling: false });
    parts.listed.note(
      Number(targets[2]?.providerId),
      [
        {
          id: 'my-own',
          facts: {
            contextWindow: 32_768,
            maxOutputTokens: 8_192,
            inputModalities: ['text', 'image'],
            efforts: ['none', 'low'],
          },
        },
      ],
      1,
    );
    expect((await facts()).effectiveFacts).toEqual({
      ...{ contextWindow: 32_768, maxOutputTokens: null, inputModalities: ['text', 'image'] },
      ...{ efforts: ['low'], thinking: null, sampling: false },
    });
  });

  it('of an alias is said of its model', async () => {
    const { call } = await published([{ kind: 'openai', upstreamModel: 'gpt-4o' }]);
    const bound = await call('PATCH', '/models/quota%2Ffast', { aliasOf: 'm' });
    expect(bound.body.effectiveFacts.contextWindow).toBe(128_000);
    const refused = await call('PATCH', '/models/quota%2Ffast', { facts: { contextWindow: 5 } });
    expect(refused.status).toBe(400);
    expect(refused.body.error).toMatchObject({
      param: 'facts',
      message: expect.stringContaining('change m'),
    });
    const added = await call('POST', '/models', { id: 'a', aliasOf: 'm', facts: { contextWindow: 5 } });
    expect(added.body.error.param).toBe('facts');
    expect((await call('PATCH', '/models/quota%2Ffast', { facts: { contextWindow: null } })).status).toBe(
      200,
    );
  });

  it.each([
    [{ contextWindow: 0 }, 'facts.contextWindow'],
    [{ contextWindow: 1.5 }, 'facts.contextWindow'],
    [{ maxOutputTokens: 1e12 }, 'facts.maxOutputTokens'],
    [{ inputModalities: [] }, 'facts.inputModalities'],
    [{ inputModalities: ['smell'] }, 'facts.inputModalities[0]'],
    [{ efforts: ['ultra'] }, 'facts.efforts[0]'],
    [{ thinking: 'adaptive' }, 'facts.thinking'],
    [{ sampling: 'yes' }, 'facts.sampling'],
    [{ window: 5 }, 'facts.window'],
  ])('is not said as %j', async (said, param) => {
    const { call, parts } = await openAdmin();
    const refused = await call('PATCH', '/models/ntl%2Fecho', { facts: said });
    expect([refused.status, refused.body.error?.param]).toEqual([400, param]);
    expect(parts.models.get('ntl/echo')?.facts).toEqual(UNKNOWN_FACTS);
  });
});
