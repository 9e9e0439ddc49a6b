import { describe, expect, it } from 'vitest';
import { recorder } from '../../providers/upstream-setup.ts';
import { until } from '../../support/until.ts';
import { openAdmin } from './admin-app.ts';

describe("what a provider's listing tells of its models", () => {
  const LISTING = {
    data: [{ id: 'gpt-4o', context_length: 32_768, max_completion_tokens: 4_096 }, { id: 'mute' }],
  };

  async function listed() {
    const admin = await openAdmin();
    const server = await recorder((response) => response.end(JSON.stringify(LISTING)));
    const facts = { name: 'Lab', kind: 'openai-compatible', baseUrl: server.origin };
    const { body } = await admin.call('POST', '/providers', facts);
    return { ...admin, id: Number(body.id), path: `/providers/${body.id}` };
  }

  it.each([
    ['POST', 'test'],
    ['GET', 'models'],
  ])('is kept when it is listed by %s …/%s', async (method, route) => {
    const { call, parts, id, path } = await listed();
    expect((await call(method, `${path}/${route}`)).status).toBe(200);
    expect(parts.listed.of(id, 'gpt-4o')).toEqual({ contextWindow: 32_768, maxOutputTokens: 4_096 });
    expect(parts.listed.of(id, 'mute')).toBeUndefined();
  });

  it('is told with the models, before what is shipped', async () => {
    const { call, path } = await listed();
    const [known, mute] = (await call('GET', `${path}/models`)).body.data;
    expect(known.facts).toMatchObject({ contextWindow: 32_768, maxOutputTokens: 4_096, efforts: [] });
    expect(Object.values(mute.facts)).toEqual([null, null, null, null, null, null]);
  });

  it('is forgotten when the provider is another service, or gone; not when it has a new name', async () => {
    const { call, parts, id, path } = await listed();
    await call('GET', `${path}/models`);
    await call('PATCH', path, { name: 'Laboratory' });
    expect(parts.listed.of(id, 'gpt-4o')).toBeDefined();
    await call('PATCH', path, { kind: 'vllm' });
    expect(parts.listed.of(id, 'gpt-4o')).toBeUndefined();
    await call('GET', `${path}/models`);
    await call('PATCH', path, { baseUrl: 'http://127.0.0.1:9/elsewhere' });
    expect(parts.listed.of(id, 'gpt-4o')).toBeUndefined();
    parts.listed.note(id, [{ id: 'm', facts: { contextWindow: 1 } }], 1);
    expect((await call('DELETE', path)).status).toBe(204);
    expect(parts.listed.of(id, 'm')).toBeUndefined();
  });

  it('is not kept where it comes in after the provider went', async () => {
    const { call, parts } = await openAdmin();
    const arrived = Promise.withResolvers<void>();
    const server = await recorder(async (response) => {
      await arrived.promise;
      response.end(JSON.stringify(LISTING));
    });
    const { body } = await call('POST', '/providers', { name: 'Lab', kind: 'vllm', baseUrl: server.origin });
    const listing = call('GET', `/providers/${body.id}/models`);
    await until('the request', () => server.seen.length === 1);
    await call('DELETE', `/providers/${body.id}`);
    arrived.resolve();
    await listing;
    expect(parts.listed.listedAt(Number(body.id))).toBeNull();
  });
});
