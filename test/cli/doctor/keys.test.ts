import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { Clinic, type Patient } from './clinic.ts';

let clinic: Clinic;
beforeAll(async () => {
  clinic = await Clinic.open();
});
afterAll(() => clinic[Symbol.asyncDispose]());

/** A key of the owner's that is no good any more, in one way or another. */
async function keyThat(is: 'revoked' | 'expired' | 'foreign' | 'unreplaced' | 'cut'): Promise<string> {
  const { gateway } = clinic;
  if (is === 'foreign') return `ntl_live_${'a'.repeat(40)}`;
  if (is === 'unreplaced') return 'ntl_live_YOUR_KEY';
  if (is === 'cut') return gateway.key.slice(0, -3);
  const expiresAt = is === 'expired' ? new Date(Date.now() + 500).toISOString() : null;
  const made = await gateway.admin('POST', '/keys', { memberId: '1', name: is, expiresAt });
  if (is === 'revoked') await gateway.admin('DELETE', `/keys/${made.body.id}`);
  else await until('the key to expire', () => Date.now() > Date.parse(expiresAt ?? ''));
  return made.body.key;
}

const CASES = [
  ['revoked', 'was revoked'],
  ['expired', 'expired 20'],
  ['foreign', 'none of this gateway: it was made by another one, or with another data folder'],
  ['unreplaced', 'the place of a key and no key'],
  ['cut', 'cut short or mistyped'],
] as const;

describe('a key that is no good', () => {
  it.each(CASES)('in settings written by hand: %s', async (is, words) => {
    const patient = clinic.home();
    const key = await keyThat(is);
    const text = `openai-api-base: ${clinic.gateway.url}/api/v1\nopenai-api-key: ${key}\n`;
    patient.home.write('.aider.conf.yml', text);
    const { code, findings } = await patient.doctor();
    expect(code).toBe(1);
    expect(findings.filter(({ tool }) => tool === 'aider')).toMatchObject([
      {
        ...{ check: 'key', state: 'bad', what: expect.stringContaining(words) },
        mend: expect.stringMatching(/connect aider/),
      },
    ]);
    expect(findings.at(-1)?.what).toContain('openai-api-key in ~/.aider.conf.yml');
  });

  it.each(['ANTHROPIC_AUTH_TOKEN', 'ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'NTL_KEY'])(
    'in %s',
    async (name) => {
      const patient = clinic.home();
      const bases = {
        ANTHROPIC_BASE_URL: `${clinic.gateway.url}/api`,
        OPENAI_BASE_URL: `${clinic.gateway.url}/api/v1`,
      };
      const [is, words] = CASES[name.length % 3] ?? CASES[0];
      expect(await patient.ills([], { ...bases, [name]: await keyThat(is) })).toContainEqual(
        expect.objectContaining({
          ...{ check: 'key', state: 'bad', what: expect.stringMatching(`^${name}: .*${words}`) },
          mend: expect.stringMatching(new RegExp(`put it into ${name}: .*keys create`)),
        }),
      );
    },
  );
});

describe('the key of a connected tool', () => {
  async function ofTool(patient: Patient, tool: string) {
    const { body } = await clinic.gateway.admin('GET', '/keys?pageSize=1000');
    const key = body.data.findLast((one: { name: string }) => one.name === tool);
    return { key, findings: async () => (await patient.ills([tool])).filter((one) => one.tool === tool) };
  }

  it('may be revoked, and is made anew by connecting again', async () => {
    const patient = clinic.home();
    await patient.connect('claude-code');
    const { key, findings } = await ofTool(patient, 'claude-code');
    await clinic.gateway.admin('DELETE', `/keys/${key.id}`);
    expect(await findings()).toMatchObject([
      {
        check: 'key',
        state: 'bad',
        what: expect.stringContaining('was revoked'),
        mend: expect.stringMatching(/connect claude-code/),
      },
    ]);
    await patient.connect('claude-code');
    expect(await findings()).toEqual([]);
  });

  it('may be gone from its file', async () => {
    const patient = clinic.home();
    await patient.connect('codex');
    const env = patient.home.read('.codex/.env');
    patient.home.write('.codex/.env', '');
    const { findings } = await ofTool(patient, 'codex');
    expect(await findings()).toContainEqual(
      expect.objectContaining({
        check: 'key',
        state: 'bad',
        what: expect.stringContaining('not in its settings any more'),
      }),
    );
    patient.home.write('.codex/.env', env);
  });
});

it('a key in its last quarter is told with the tool that has it', async () => {
  const { gateway } = clinic;
  const made = await gateway.admin('POST', '/keys', {
    ...{ memberId: '1', name: 'ends soon', expiresAt: new Date(Date.now() + 2_000).toISOString() },
  });
  const patient = clinic.home();
  patient.home.write(
    '.qwen/settings.json',
    JSON.stringify({
      modelProviders: { openai: [{ id: 'x', baseUrl: `${gateway.url}/api/v1` }] },
      env: { MINE: made.body.key },
    }),
  );
  const about = await until('its last moments', async () => {
    const found = (await patient.ills()).filter(
      ({ check, what }) => check === 'key' && what.includes('ends soon'),
    );
    return found.length > 0 ? found : undefined;
  });
  expect(about.map(({ tool }) => tool)).toContain('qwen-code');
  expect(about[0]?.what).toMatch(/expire[sd] /);
});

it('a key of this gateway beside no address of it goes elsewhere', async () => {
  const patient = clinic.home();
  const text = `[providers.x]\ntype = "openai"\nbase_url = "https://api.example/v1"\napi_key = "${clinic.gateway.key}"\n`;
  patient.home.write('.kimi-code/config.toml', text);
  expect((await patient.ills()).filter(({ tool }) => tool !== null)).toMatchObject([
    {
      tool: 'kimi',
      state: 'bad',
      what: expect.stringMatching(/the key goes elsewhere\. They name https:\/\/api\.example/),
    },
  ]);
});
