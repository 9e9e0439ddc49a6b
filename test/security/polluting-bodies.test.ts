/** `__proto__`, `constructor` and the like as names, and nesting without end: in bodies, queries, headers and admin JSON. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { startProvider } from '../support/provider/provider.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

/** The gateway runs in this process: what it does to all objects shows here. */
function expectClean(): void {
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('polluted');
  expect(([] as unknown as Record<string, unknown>).polluted).toBeUndefined();
}

const POLLUTERS = [
  '"__proto__":{"polluted":true,"model":"ntl/echo","isAdmin":true}',
  '"constructor":{"prototype":{"polluted":true}}',
  '"prototype":{"polluted":true}',
  '"__proto__":null,"toString":1,"hasOwnProperty":1,"valueOf":{}',
  '"\\u005f_proto__":{"polluted":true}',
];

describe.each(POLLUTERS)('%s', (polluter) => {
  it('in an inference body passes as a field like others, in every protocol', async () => {
    await using openai = await startProvider({ models: null });
    await using claude = await startProvider({ models: null });
    const name = `m${Math.random()}`;
    await gateway.publish(openai, [`chat-${name}`]);
    await gateway.publish(claude, [`claude-${name}`], { kind: 'anthropic-compatible' });
    const call = `{"type":"function","function":{"name":"__proto__","parameters":{"type":"object","properties":{${polluter}}}}}`;
    for (const model of [`chat-${name}`, `claude-${name}`, 'ntl/echo']) {
      const user = `{"role":"user","content":[{"type":"text","text":"hi",${polluter}}],${polluter}}`;
      const common = `"model":"${model}","metadata":{${polluter}},${polluter}`;
      for (const [path, body] of [
        ['/v1/chat/completions', `{${common},"tools":[${call}],"messages":[${user}]}`],
        ['/v1/messages', `{${common},"max_tokens":9,"messages":[${user}]}`],
        ['/v1/responses', `{${common},"input":[{"role":"user","content":"hi",${polluter}}]}`],
      ] as const)
        expect((await gateway.post(path, body)).status, `${path} ${model}`).not.toBe(500);
      expectClean();
    }
  });

  it('in admin JSON is refused, and changes nothing', async () => {
    for (const [method, path, fields] of [
      ['POST', '/members', '"name":"Mia"'],
      ['POST', '/providers', '"name":"x","kind":"openai"'],
      [
        'PUT',
        '/limits',
        '"scope":"plan","subjectId":"pro","metric":"requests","windowSeconds":60,"amount":1',
      ],
      ['PATCH', '/settings', '"retentionDays":30'],
    ] as const) {
      const answer = await gateway.admin(method, path, `{${fields},${polluter}}`);
      expect([answer.status, answer.body.error.code], path).toEqual([400, 'invalid_request']);
    }
    expect((await gateway.post('/tenant/keys', `{"name":"k",${polluter}}`)).status).toBeLessThan(500);
    expectClean();
  });
});

it('names of Object’s own are no model, provider kind, preset, plan or setting', async () => {
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf']) {
    const asked = { model: name, messages: [{ role: 'user', content: 'hi' }] };
    expect((await gateway.post('/v1/chat/completions', asked)).body.error.code).toBe('unknown_model');
    expect((await gateway.post(`/${name}/v1/chat/completions`, asked)).status).toBe(404);
    expect((await gateway.admin('POST', '/providers', { name, kind: name })).status).toBe(400);
    expect((await gateway.admin('POST', '/members', { name, planId: name })).status).toBe(400);
    expect((await gateway.admin('PATCH', '/settings', `{"${name}":1}`)).status).toBe(400);
    expect((await gateway.admin('GET', `/models/${name}/facts`)).status).toBe(404);
    expect((await gateway.admin('GET', `/requests?${name}=1&model=${name}`)).status).toBeLessThan(500);
    const encoding = { headers: { 'content-encoding': name } };
    expect((await gateway.post('/v1/chat/completions', '{}', encoding)).body.error.code).toBe(
      'invalid_request',
    );
  }
  expectClean();
});

describe('nesting without end', () => {
  const open = 50_000;
  it.each([
    ['arrays', '['.repeat(open) + ']'.repeat(open)],
    ['objects', `${'{"a":'.repeat(open)}1${'}'.repeat(open)}`],
    ['arrays that do not close', '['.repeat(open)],
  ])('%s: an answer, and the next request is served', async (_, deep) => {
    await using claude = await startProvider({ models: null });
    const model = `m${Math.random()}`;
    await gateway.publish(claude, [model], { kind: 'anthropic-compatible' });
    for (const name of ['ntl/echo', model]) {
      const user = '{"role":"user","content":"hi"}';
      const bodies = [
        `{"model":"${name}","messages":[${user}],"x":${deep}}`,
        `{"model":"${name}","messages":${deep}}`,
        `{"model":"${name}","messages":[${user}],"tools":[{"type":"function","function":{"name":"f","parameters":${deep}}}]}`,
        `{"model":"${name}","messages":[${user}],"response_format":{"type":"json_schema","json_schema":{"name":"a","schema":${deep}}}}`,
      ];
      for (const body of bodies)
        expect((await gateway.post('/v1/chat/completions', body)).status).toBeLessThan(599);
    }
    expect((await gateway.admin('POST', '/members', `{"name":${deep}}`)).status).toBeGreaterThanOrEqual(400);
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
  });
});
