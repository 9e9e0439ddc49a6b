import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { type Provider, startProvider } from '../support/provider/provider.ts';
import { reply } from '../support/provider/reply.ts';

let first: Provider;
let second: Provider;
let gateway: TestGateway;

beforeEach(async () => {
  [first, second] = await Promise.all([startProvider(), startProvider()]);
  gateway = await startGateway({ timeouts: { connectMs: 500, headersMs: 400, idleMs: 400 } });
});
afterEach(async () => {
  await gateway[Symbol.asyncDispose]();
  await Promise.all([first.close(), second.close()]);
});

const CALL = { model: 'gpt-4o', messages: [{ role: 'user', content: 'hi' }] };

async function publishBoth(priorities: [number, number] = [0, 1]): Promise<void> {
  await gateway.publish(first, ['gpt-4o'], { name: 'First', priority: priorities[0] });
  await gateway.publish(second, ['gpt-4o'], { name: 'Second', priority: priorities[1] });
}

const ask = (body: object = CALL) => gateway.post('/v1/chat/completions', body);

describe('targets', () => {
  it('are tried by priority', async () => {
    await publishBoth([5, 1]);
    expect((await ask()).status).toBe(200);
    expect([first.requests.length, second.requests.length]).toEqual([0, 1]);
  });

  it('of one priority share by weight', async () => {
    await gateway.publish(first, ['gpt-4o'], { weight: 1 });
    await gateway.publish(second, ['gpt-4o'], { weight: 3 });
    for (let count = 0; count < 120; count++) await ask();
    expect(first.requests.length + second.requests.length).toBe(120);
    // Three quarters of 120 with five standard deviations of room.
    expect(second.requests.length).toBeGreaterThan(66);
    expect(first.requests.length).toBeGreaterThan(6);
  });

  it.each([
    ['an error status', reply.status(500)],
    ['a gateway page', reply.html(502)],
    ['overload', reply.status(529)],
    ['a rate limit', reply.status(429)],
    ['a refused credential', reply.status(401)],
    ['a demand for payment', reply.status(402)],
    ['a redirect', reply.redirect('http://127.0.0.1:9/')],
    ['a reset before the answer', reply.reset()],
    ['silence before the answer', reply.stall()],
    ['junk in a good status', reply.status(200, { body: 'not json' })],
    ['an error in a good status', reply.status(200, { body: { error: { message: 'no' } } })],
    ['a good status without an answer', reply.status(200, { body: { foo: 1 } })],
    ['a cut answer', reply.hangUp(reply.text('hello'))],
  ])('give way to the next on %s', async (_, fault) => {
    await publishBoth();
    first.script(fault);
    const answer = await ask();
    expect(answer.status).toBe(200);
    expect(second.requests.length).toBe(1);
    const [row] = await gateway.rows();
    expect(row).toMatchObject({ status: 200, attempts: 2 });
    const { body } = await gateway.admin('GET', `/requests/${row.id}`);
    expect(JSON.stringify(body)).toContain('First');
  });

  it.each([
    ['a stream that breaks before its first event', reply.cut(reply.text('x'), { after: 0 })],
    ['a stream whose first event is an error', reply.error(reply.text('x'), { after: 0 })],
    ['a stream of junk', reply.junk()],
  ])('give way to the next on %s', async (_, fault) => {
    await publishBoth();
    first.script(fault);
    const answer = await ask({ ...CALL, stream: true });
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('[DONE]');
    expect(second.requests.length).toBe(1);
  });

  it('that cannot be reached give way to the next', async () => {
    await first.close();
    await publishBoth();
    expect((await ask()).status).toBe(200);
  });

  it('are not changed once an answer has begun', async () => {
    await publishBoth();
    first.script(reply.cut(reply.text(['a ', 'b ', 'c ']), { after: 3 }));
    const answer = await ask({ ...CALL, stream: true });
    expect(answer.body).toContain('upstream_error');
    expect(second.requests.length).toBe(0);
  });

  it("are not tried again for the caller's own fault", async () => {
    await publishBoth();
    first.script(reply.status(400, { message: 'context_length_exceeded' }));
    const answer = await ask();
    expect(answer.status).toBe(400);
    expect(second.requests.length).toBe(0);
  });

  it('switched off are left out; with none left the caller is told', async () => {
    const id = await gateway.publish(first, ['gpt-4o']);
    await gateway.admin('PATCH', `/providers/${id}`, { enabled: false });
    const answer = await ask();
    expect(answer.status).toBe(502);
    expect(answer.body.error.code).toBe('upstream_error');
  });
});

describe('cooldown', () => {
  it('leaves a failed target alone while another serves', async () => {
    await publishBoth();
    first.script(reply.status(503));
    for (let count = 0; count < 5; count++) expect((await ask()).status).toBe(200);
    // Cooling down for at least half a second: the five calls take far less.
    expect(first.requests.length).toBe(1);
    expect(second.requests.length).toBe(5);
  });

  it('lets one probe through when it is over, and returns to the target that is well again', async () => {
    await publishBoth();
    first.script(reply.status(503), reply.text('well again'));
    await ask();
    await expect.poll(async () => (await ask()) && first.requests.length).toBe(2);
    await ask();
    expect(first.requests.length).toBe(3);
  });

  it("keeps to the provider's retry-after and passes it on when nobody else serves", async () => {
    await gateway.publish(first, ['gpt-4o']);
    first.script(reply.status(429, { headers: { 'retry-after': '30' } }), reply.text('ok'));
    const answer = await ask();
    expect(answer.status).toBe(502);
    expect(answer.headers.get('retry-after')).toBe('30');
    const again = await ask();
    expect(again.status).toBe(502);
    expect(Number(again.headers.get('retry-after'))).toBeGreaterThan(25);
    expect(first.requests.length).toBe(1);
  });

  it('does not keep a lone provider from being asked again after a plain failure', async () => {
    await gateway.publish(first, ['gpt-4o']);
    first.script(reply.status(500), reply.text('ok'));
    expect((await ask()).status).toBe(502);
    expect((await ask()).status).toBe(200);
  });
});

describe('accounts of a failed request', () => {
  it('give day and month back and keep the minute slot', async () => {
    await gateway.publish(first, ['gpt-4o']);
    const { id, key } = await gateway.member();
    for (const [windowSeconds, amount] of [
      [60, 2],
      [86_400, 1],
    ]) {
      await gateway.admin('PUT', '/limits', {
        scope: 'member',
        subjectId: id,
        metric: 'requests',
        windowSeconds,
        amount,
      });
    }
    first.script(reply.status(500), reply.text('ok'));
    const failed = await gateway.post('/v1/chat/completions', CALL, { key });
    expect(failed.status).toBe(502);
    expect((await gateway.post('/v1/chat/completions', CALL, { key })).status).toBe(200);
    const third = await gateway.post('/v1/chat/completions', CALL, { key });
    expect(third.status).toBe(429);
    expect(['rate_limit_minute', 'quota_day']).toContain(third.body.error.code);
    await gateway.admin('DELETE', '/limits', {
      scope: 'member',
      subjectId: id,
      metric: 'requests',
      windowSeconds: 86_400,
    });
    const fourth = await gateway.post('/v1/chat/completions', CALL, { key });
    expect(fourth.body.error.code).toBe('rate_limit_minute');
  });
});

it('a kind of request that no protocol of the provider has is a clear 400', async () => {
  await gateway.publish(first, ['claude'], { name: 'Messages alone', kind: 'anthropic-compatible' });
  const answer = await gateway.post('/v1/embeddings', { model: 'claude', input: 'hi' });
  expect(answer.status).toBe(400);
  expect(answer.body.error.message).toContain('Messages alone');
  expect(first.requests.length).toBe(0);
  expect((await gateway.rows())[0]).toMatchObject({ status: 400, code: 'invalid_request', attempts: 0 });
});

it('tokens are counted by the provider, or estimated where it has no counter', async () => {
  const claude = await startProvider({ models: ['claude-haiku-4-5'] });
  await gateway.publish(claude, ['claude-haiku-4-5'], { kind: 'anthropic', name: 'Anthropic' });
  await gateway.publish(first, ['gpt-4o'], { name: 'OpenAI' });
  const body = { messages: CALL.messages };
  const counted = await gateway.post('/v1/messages/count_tokens', { ...body, model: 'claude-haiku-4-5' });
  expect(counted.body.input_tokens).toBeGreaterThan(0);
  expect(claude.requests.at(-1)?.path).toBe('/v1/messages/count_tokens');
  const estimated = await gateway.post('/v1/messages/count_tokens', { ...body, model: 'gpt-4o' });
  expect(estimated.body).toEqual({ input_tokens: expect.any(Number) });
  expect(first.requests.length).toBe(0);
  await claude.close();
});

it('a target that speaks the Anthropic protocol counts tokens itself, unless it cannot', async () => {
  const claude = await startProvider({ models: null });
  await gateway.publish(claude, ['claude'], { kind: 'anthropic-compatible' });
  const body = { model: 'claude', messages: CALL.messages };
  claude.scriptFor(
    '/messages/count_tokens',
    reply.status(200, { body: { input_tokens: 77 } }),
    reply.status(404, { body: { error: { message: 'no such route' } } }),
  );
  expect((await gateway.post('/v1/messages/count_tokens', body)).body).toEqual({ input_tokens: 77 });
  expect((await gateway.post('/v1/messages/count_tokens', body)).body.input_tokens).toBeLessThan(77);
  await claude.close();
});
