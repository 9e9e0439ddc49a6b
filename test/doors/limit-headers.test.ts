import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

const BODY = { model: 'ntl/echo', max_tokens: 10, messages: [{ role: 'user', content: 'hi' }] };

async function limited(metric: string, windowSeconds: number, amount: number) {
  const member = await gateway.member();
  await gateway.admin('PUT', '/limits', {
    scope: 'member',
    subjectId: member.id,
    metric,
    windowSeconds,
    amount,
  });
  return member;
}

describe('limits told with every answer', () => {
  it('on OpenAI routes, admitted and refused', async () => {
    const { key } = await limited('requests', 60, 2);
    const answers = [];
    for (let count = 0; count < 3; count++)
      answers.push(await gateway.post('/v1/chat/completions', BODY, { key }));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    const told = answers.map(({ headers }) => headers.get('x-ratelimit-remaining-requests'));
    expect(told).toEqual(['1', '0', '0']);
    expect(answers[0]?.headers.get('x-ratelimit-limit-requests')).toBe('2');
    expect(answers[0]?.headers.get('x-ratelimit-reset-requests')).toMatch(/^(\d+m)?\d+s$/);
  });

  it('on Anthropic routes', async () => {
    const { key } = await limited('tokens', 86_400, 5_000);
    const { headers } = await gateway.post('/v1/messages', BODY, { key });
    expect(headers.get('anthropic-ratelimit-tokens-limit')).toBe('5000');
    expect(Number(headers.get('anthropic-ratelimit-tokens-remaining'))).toBeLessThan(5_000);
    expect(Date.parse(headers.get('anthropic-ratelimit-tokens-reset') ?? '')).toBeGreaterThan(Date.now());
    expect(headers.get('anthropic-ratelimit-requests-limit')).toBe('600');
    expect(headers.get('x-ratelimit-limit-requests')).toBeNull();
  });

  it('a model on its own limit is refused by name, others go on', async () => {
    const { id, key } = await gateway.member();
    const limit = { scope: 'member', subjectId: id, metric: 'requests', windowSeconds: 60, amount: 1 };
    await gateway.admin('PUT', '/limits', { ...limit, model: 'ntl/echo' });
    await gateway.admin('PATCH', `/models/${encodeURIComponent('quota/fast')}`, { aliasOf: 'ntl/echo' });
    expect((await gateway.post('/v1/chat/completions', BODY, { key })).status).toBe(200);
    const alias = await gateway.post('/v1/chat/completions', { ...BODY, model: 'quota/fast' }, { key });
    expect(alias.status).toBe(429);
    expect(alias.body.error.message).toContain('ntl/echo');
  });

  it('a changed limit holds from the next request on', async () => {
    const { id, key } = await limited('requests', 60, 1);
    await gateway.post('/v1/chat/completions', BODY, { key });
    expect((await gateway.post('/v1/chat/completions', BODY, { key })).status).toBe(429);
    const limit = { scope: 'member', subjectId: id, metric: 'requests', windowSeconds: 60 };
    await gateway.admin('PUT', '/limits', { ...limit, amount: 2 });
    expect((await gateway.post('/v1/chat/completions', BODY, { key })).status).toBe(200);
    await gateway.admin('DELETE', '/limits', limit);
    expect(
      (await gateway.post('/v1/chat/completions', BODY, { key })).headers.get('x-ratelimit-limit-requests'),
    ).toBe('600');
  });

  it('tokens are settled: what was not used can be used', async () => {
    const { key } = await limited('tokens', 60, 1_000);
    for (let count = 0; count < 5; count++) {
      const answer = await gateway.post('/v1/chat/completions', { ...BODY, max_tokens: 900 }, { key });
      expect(answer.status).toBe(200);
    }
  });

  it('a request larger than its limit is told so', async () => {
    const { key } = await limited('tokens', 60, 10);
    const long = { ...BODY, messages: [{ role: 'user', content: 'word '.repeat(100) }] };
    const answer = await gateway.post('/v1/chat/completions', long, { key });
    expect(answer.status).toBe(429);
    expect(answer.body.error.message).toContain('This request alone needs');
  });
});
