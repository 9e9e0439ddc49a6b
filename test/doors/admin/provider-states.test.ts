import { expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { startProvider } from '../../support/provider/provider.ts';
import { reply } from '../../support/provider/reply.ts';

async function providerOf(gateway: TestGateway, id: string) {
  const { status, body } = await gateway.admin('GET', `/providers/${id}`);
  expect(status).toBe(200);
  return body;
}

function chat(gateway: TestGateway, model: string) {
  return gateway.post('/v1/chat/completions', { model, messages: [{ role: 'user', content: 'hi' }] });
}

it('follow calls, tests and what the owner sets', async () => {
  await using provider = await startProvider();
  await using gateway = await startGateway();
  const id = await gateway.publish(provider, ['gpt-4o', 'gpt-5-mini'], { credential: 'sk-wrong' });
  const state = async () => (await providerOf(gateway, id)).state;
  expect(await providerOf(gateway, id)).toMatchObject({
    models: 2,
    state: { kind: 'untested', since: null },
  });

  const before = Date.now();
  expect((await chat(gateway, 'gpt-4o')).status).toBe(502);
  const refused = await state();
  expect(refused.kind).toBe('credential_refused');
  expect(refused.message).toContain('refused the stored credential');
  expect(refused.message).not.toContain('sk-');
  expect(Date.parse(refused.since)).toBeGreaterThanOrEqual(before - 1);
  expect(Date.parse(refused.since)).toBeLessThanOrEqual(Date.now() + 1);

  await gateway.admin('PATCH', `/providers/${id}`, { credential: 'sk-provider' });
  expect(await state()).toMatchObject({ kind: 'untested', message: null });
  expect((await gateway.admin('POST', `/providers/${id}/test`)).body.ok).toBe(true);
  expect((await state()).kind).toBe('answers');

  provider.script(reply.status(429, { headers: { 'retry-after': '120' } }));
  expect((await chat(gateway, 'gpt-4o')).status).toBe(502);
  expect(await state()).toMatchObject({ kind: 'answers', message: expect.stringContaining('gpt-4o: ') });
  await gateway.admin('DELETE', '/models/gpt-5-mini');
  const cooling = await state();
  expect(cooling.kind).toBe('cooling_down');
  expect(Math.round((Date.parse(cooling.until) - Date.now()) / 10_000)).toBe(12);
  expect((await providerOf(gateway, id)).models).toBe(1);

  await gateway.admin('PATCH', `/providers/${id}`, { enabled: false });
  expect((await state()).kind).toBe('off');
  const { body: hosted } = await gateway.admin('POST', '/providers', { name: 'DS', kind: 'deepseek' });
  expect(hosted.state.kind).toBe('no_credential');
});

it('are not forgotten over a restart, where the last call was answered', async () => {
  await using good = await startProvider();
  await using bad = await startProvider();
  await using gateway = await startGateway();
  const answers = await gateway.publish(good, ['gpt-4o']);
  const fails = await gateway.publish(bad, ['gpt-5-mini']);
  await chat(gateway, 'gpt-5-mini');
  bad.script(reply.status(500));
  await chat(gateway, 'gpt-5-mini');
  await chat(gateway, 'gpt-4o');
  await gateway.restart();
  expect((await providerOf(gateway, answers)).state.kind).toBe('answers');
  expect((await providerOf(gateway, fails)).state.kind).toBe('untested');
  await gateway.admin('PATCH', `/providers/${answers}`, { baseUrl: 'http://127.0.0.1:9' });
  expect((await providerOf(gateway, answers)).state.kind).toBe('untested');
});
