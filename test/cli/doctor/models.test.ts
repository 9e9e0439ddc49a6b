import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Provider, startProvider } from '../../support/provider/provider.ts';
import { reply } from '../../support/provider/reply.ts';
import { Clinic, type Patient } from './clinic.ts';

let clinic: Clinic;
let service: Provider;
let providerId: string;
beforeAll(async () => {
  clinic = await Clinic.open();
  service = await startProvider({ models: ['one', 'two'] });
  providerId = await clinic.gateway.publish(service, ['one', 'two'], { name: 'Service' });
});
afterAll(async () => {
  await clinic[Symbol.asyncDispose]();
  await service.close();
});

const admin = async (method: string, path: string, body?: unknown) => {
  const answer = await clinic.gateway.admin(method, path, body);
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return answer.body;
};

/** A tool set up by hand with a key of somebody's. */
function pointed(patient: Patient, key: string, model: string): void {
  const env = {
    ANTHROPIC_BASE_URL: `${clinic.gateway.url}/api`,
    ANTHROPIC_AUTH_TOKEN: key,
    ANTHROPIC_MODEL: model,
  };
  patient.home.write('.claude/settings.json', JSON.stringify({ env }));
}

const ofTool = async (patient: Patient) =>
  (await patient.ills(['claude'])).filter(({ tool }) => tool !== null);

describe('the model that a tool asks for', () => {
  it('may be away, off, unbound, or not allowed', async () => {
    const { key, id } = await clinic.gateway.member({ name: 'Mia' });
    const patient = clinic.home();
    const told = async (model: string) => {
      pointed(patient, key, model);
      return ofTool(patient);
    };
    expect(await told('one')).toEqual([]);
    expect(await told('gone')).toMatchObject([
      {
        check: 'model',
        state: 'bad',
        what: expect.stringMatching(/asks for gone, which cannot serve: there is no such/),
      },
    ]);
    await admin('PATCH', '/models/two', { enabled: false });
    expect(await told('two')).toMatchObject([{ what: expect.stringContaining('switched it off') }]);
    expect(await told('quota/fast')).toMatchObject([
      {
        state: 'bad',
        what: expect.stringContaining('not bound'),
        mend: expect.stringContaining('models list'),
      },
    ]);
    expect(await told('auto')).toMatchObject([
      { what: expect.stringContaining('not chosen a default model') },
    ]);
    await admin('PATCH', `/members/${id}`, { allowedModels: ['auto'] });
    expect(await told('one')).toMatchObject([
      {
        ...{ check: 'model', what: expect.stringContaining('one, which is not allowed for Mia') },
        mend: expect.stringContaining(`members update ${id} --allow-models all`),
      },
    ]);
    await admin('PATCH', '/models/two', { enabled: true });
  });

  it('is found beside the address that it is asked for at, and no other', async () => {
    const patient = clinic.home();
    const { url, key } = clinic.gateway;
    const models = (apiBase: string) => `models:
  - { name: a, provider: openai, model: theirs, apiBase: "https://api.example/v1", apiKey: x }
  - { name: b, provider: openai, model: gone, apiBase: "${apiBase}", apiKey: ${key} }
`;
    patient.home.write('.continue/config.yaml', models(`${url}/api/v1`));
    expect(await patient.ills(['continue'])).toMatchObject([
      { tool: 'continue', check: 'model', state: 'bad', what: expect.stringContaining('asks for gone') },
    ]);
  });

  it('for side jobs keeps it from nothing', async () => {
    const patient = clinic.home();
    const env = {
      ...{ ANTHROPIC_DEFAULT_HAIKU_MODEL: 'gone', ANTHROPIC_MODEL: 'one' },
      ...{ ANTHROPIC_BASE_URL: `${clinic.gateway.url}/api`, ANTHROPIC_AUTH_TOKEN: clinic.gateway.key },
    };
    patient.home.write('.claude/settings.json', JSON.stringify({ env }));
    const { code, findings } = await patient.doctor(['claude']);
    expect(code).toBe(0);
    expect(findings.filter(({ tool }) => tool !== null)).toMatchObject([
      { check: 'model', state: 'warn', what: expect.stringContaining('asks for gone') },
      { check: 'request', state: 'ok', what: expect.stringContaining('asks for one;') },
    ]);
  });

  it('may have no provider that answers', async () => {
    await using other = await startProvider({ models: ['three'] });
    const id = await clinic.gateway.publish(other, ['three'], { name: 'Other' });
    const { key } = await clinic.gateway.member({ name: 'Mia' });
    const patient = clinic.home();
    pointed(patient, key, 'three');
    await admin('PATCH', `/providers/${id}`, { enabled: false });
    expect(await ofTool(patient)).toMatchObject([
      { check: 'provider', state: 'bad', what: expect.stringContaining('Other is switched off') },
    ]);
    await admin('PATCH', `/providers/${id}`, { enabled: true });
    expect(await ofTool(patient)).toEqual([]);
    other.scriptFor('/models', reply.status(401));
    await admin('POST', `/providers/${id}/test`);
    const { findings } = await patient.doctor();
    expect(findings.filter(({ check }) => check === 'provider')).toMatchObject([
      { tool: null, state: 'warn', what: expect.stringContaining('refuses its credential') },
      {
        ...{
          tool: 'claude-code',
          state: 'bad',
          what: expect.stringContaining('Other refuses its credential'),
        },
        mend: expect.stringContaining(`providers test ${id}`),
      },
    ]);
    const targets = [
      { providerId: id, upstreamModel: 'three' },
      { providerId, upstreamModel: 'one', priority: 1 },
    ];
    await admin('PATCH', '/models/three', { targets });
    expect(await ofTool(patient)).toMatchObject([
      { check: 'provider', state: 'warn', what: expect.stringContaining('others do: Other refuses') },
    ]);
    await admin('DELETE', `/models/three`);
    await admin('DELETE', `/providers/${id}`);
  });
});

describe('the member whose key a tool has', () => {
  it.each([
    ['pending', 'waits for your approval'],
    ['disabled', 'is disabled'],
    ['suspended', 'is suspended'],
  ])('may be %s', async (status, words) => {
    const { key, id } = await clinic.gateway.member({ name: 'Mia' });
    const patient = clinic.home();
    pointed(patient, key, 'one');
    await admin('PATCH', `/members/${id}`, { status });
    expect(await ofTool(patient)).toMatchObject([
      {
        check: 'key',
        state: 'bad',
        what: expect.stringContaining(words),
        mend: expect.stringContaining(`members activate ${id}`),
      },
    ]);
  });

  it('may have nothing left to pay with', async () => {
    const { key, id } = await clinic.gateway.member({ name: 'Mia', prepaid: true });
    const patient = clinic.home();
    pointed(patient, key, 'one');
    expect(await ofTool(patient)).toMatchObject([
      {
        check: 'balance',
        state: 'bad',
        what: expect.stringContaining('nothing is left'),
        mend: expect.stringContaining(`members grant ${id}`),
      },
    ]);
    await admin('POST', `/members/${id}/grants`, { tokens: 1_000_000, note: '' });
    expect(await ofTool(patient)).toEqual([]);
  });

  it('may have used up a limit, for all models or for this one', async () => {
    const { key, id } = await clinic.gateway.member({ name: 'Mia' });
    const patient = clinic.home();
    pointed(patient, key, 'one');
    const limit = { scope: 'member', subjectId: id, metric: 'requests', windowSeconds: 86_400, amount: 1 };
    await admin('PUT', '/limits', { ...limit, model: 'two', amount: 0 });
    expect(await ofTool(patient)).toEqual([]);
    await admin('PUT', '/limits', { ...limit, model: 'one', amount: 0 });
    expect(await ofTool(patient)).toMatchObject([
      { check: 'limit', state: 'bad', what: expect.stringContaining('0 requests in 24 hours for one') },
    ]);
    const hello = { model: 'ntl/echo', messages: [{ role: 'user', content: 'hello' }] };
    expect((await clinic.gateway.post('/v1/chat/completions', hello, { key })).status).toBe(200);
    await admin('PUT', '/limits', { ...limit, model: null });
    expect((await ofTool(patient)).map(({ what }) => what)).toContainEqual(
      expect.stringMatching(/limit of 1 requests in 24 hours is used up .*it frees from 20/),
    );
  });
});
