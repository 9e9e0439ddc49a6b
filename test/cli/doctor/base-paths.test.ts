import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Clinic } from './clinic.ts';

let clinic: Clinic;
beforeAll(async () => {
  clinic = await Clinic.open();
});
afterAll(() => clinic[Symbol.asyncDispose]());

/** @param base below the gateway's address */
type Written = (base: string, key: string) => string;

const json = (value: unknown) => JSON.stringify(value, null, 2);

/** Settings as people write them by hand: tool, file, text. */
const BY_HAND: readonly (readonly [
  tool: string,
  file: string,
  wrong: string,
  right: string,
  text: Written,
])[] = [
  [
    ...(['claude-code', '.claude/settings.json', '/api/v1', '/api'] as const),
    (base, key) => json({ env: { ANTHROPIC_BASE_URL: base, ANTHROPIC_AUTH_TOKEN: key } }),
  ],
  [
    ...(['codex', '.codex/config.toml', '/api', '/api/v1'] as const),
    (base) => `model_provider = "mine"\n[model_providers.mine]\nbase_url = "${base}"\nenv_key = "MINE"\n`,
  ],
  [
    ...(['opencode', '.config/opencode/opencode.json', '/api', '/api/v1'] as const),
    (base, key) => json({ provider: { mine: { options: { baseURL: base, apiKey: key } } } }),
  ],
  [
    ...(['kilo-code', '.config/kilo/kilo.json', '', '/api/v1'] as const),
    (base, key) => json({ provider: { mine: { options: { baseURL: base, apiKey: key } } } }),
  ],
  [
    ...(['continue', '.continue/config.yaml', '/api', '/api/v1'] as const),
    (base, key) =>
      `models:\n  - name: mine\n    provider: openai\n    apiBase: ${base}\n    apiKey: ${key}\n`,
  ],
  [
    ...(['qwen-code', '.qwen/settings.json', '/api', '/api/v1'] as const),
    (base, key) => json({ modelProviders: { openai: [{ id: 'x', baseUrl: base }] }, env: { MINE: key } }),
  ],
  [
    ...(['droid', '.factory/settings.json', '/api/v1', '/api'] as const),
    (base, key) =>
      json({ customModels: [{ model: 'x', provider: 'anthropic', baseUrl: base, apiKey: key }] }),
  ],
  [
    ...(['kimi', '.kimi-code/config.toml', '/api', '/api/v1'] as const),
    (base, key) => `[providers.mine]\ntype = "openai"\nbase_url = "${base}"\napi_key = "${key}"\n`,
  ],
  [
    ...(['pi', '.pi/agent/models.json', '/api', '/api/v1'] as const),
    (base, key) => json({ providers: { mine: { baseUrl: base, api: 'openai-completions', apiKey: key } } }),
  ],
  [
    ...(['cline', '.cline/data/settings/providers.json', '/api', '/api/v1'] as const),
    (base, key) => json({ providers: { 'openai-compatible': { settings: { baseUrl: base, apiKey: key } } } }),
  ],
  [
    ...(['aider', '.aider.conf.yml', '/api', '/api/v1'] as const),
    (base, key) => `openai-api-base: ${base}\nopenai-api-key: ${key}\n`,
  ],
  [
    ...(['openai-sdk', '.bashrc', '/api', '/api/v1'] as const),
    (base, key) => `export OPENAI_BASE_URL="${base}"\nexport OPENAI_API_KEY=${key}\n`,
  ],
];

describe('a base URL that somebody wrote into settings', () => {
  it.each(BY_HAND)('%s: %s with %j', async (tool, file, wrong, right, text) => {
    const { url, key } = clinic.gateway;
    const patient = clinic.home();
    const told = async (base: string) => {
      patient.home.write(file, text(url + base, key));
      const found = await patient.ills();
      expect(found.filter((finding) => finding.tool !== tool)).toEqual([]);
      return found.filter(({ check }) => check === 'base-url');
    };
    expect(await told(right)).toEqual([]);
    const [slip] = await told(wrong);
    expect(slip).toMatchObject({ state: 'warn', what: expect.stringContaining(`${url}${wrong} (`) });
    expect(slip?.what).toContain(`~/${file}`);
    expect(slip?.mend).toMatch(
      new RegExp(`^Set .* to ${url}${right}, or let ntl write it: .*connect ${tool}`),
    );
    const [lost] = await told('/api/v7');
    expect(lost).toMatchObject({ state: 'bad', what: expect.stringContaining('no API at that path') });
    expect(lost?.mend).toContain(` to ${url}${right}, or`);
  });

  it('is also looked for in VS Code’s variables of Claude Code, and not among what is others’', async () => {
    const { url, key } = clinic.gateway;
    const patient = clinic.home();
    const variables = [
      { name: 'ANTHROPIC_BASE_URL', value: `${url}/api/v7` },
      { name: 'ANTHROPIC_AUTH_TOKEN', value: key },
    ];
    const settings = { 'claudeCode.environmentVariables': variables, 'other.url': `${url}/x` };
    patient.home.write('.config/Code/User/settings.json', json(settings));
    expect(await patient.ills()).toMatchObject([
      { tool: 'claude-code', check: 'base-url', what: expect.stringContaining('ANTHROPIC_BASE_URL') },
    ]);
  });

  it('of a connected tool is told with what changed since', async () => {
    const patient = clinic.home();
    await patient.connect('claude-code');
    expect(await patient.ills()).toEqual([]);
    const settings = patient.home.read('.claude/settings.json');
    patient.home.write('.claude/settings.json', settings.replace('/api"', '/api/v7"'));
    const { code, findings } = await patient.doctor(['claude']);
    expect(code).toBe(1);
    expect(findings.filter(({ tool }) => tool === 'claude-code')).toMatchObject([
      { state: 'warn', what: expect.stringContaining('changed env.ANTHROPIC_BASE_URL') },
      {
        state: 'bad',
        what: expect.stringContaining('no API at that path'),
        mend: expect.stringContaining('/api, or'),
      },
    ]);
    patient.home.write('.claude/settings.json', settings);
  });

  it('of a file that is no settings leaves it alone, and names the line', async () => {
    const patient = clinic.home();
    await patient.connect('codex');
    const settings = patient.home.read('.codex/config.toml');
    patient.home.write('.codex/config.toml', `${settings}\n[broken`);
    expect((await patient.ills(['codex'])).filter(({ check }) => check === 'settings')).toMatchObject([
      { state: 'bad', what: expect.stringMatching(/~\/\.codex\/config\.toml, line \d+/) },
    ]);
    patient.home.write('.codex/config.toml', settings);
  });
});

describe('a base URL in a variable', () => {
  it.each([
    ['ANTHROPIC_BASE_URL', 'ANTHROPIC_AUTH_TOKEN', '/api/v1', '/api'],
    ['ANTHROPIC_BASE_URL', 'ANTHROPIC_API_KEY', '/v1', '/api'],
    ['OPENAI_BASE_URL', 'OPENAI_API_KEY', '', '/api/v1'],
    ['OPENAI_BASE_URL', 'OPENAI_API_KEY', '/api', '/api/v1'],
    ['COPILOT_PROVIDER_BASE_URL', 'COPILOT_PROVIDER_API_KEY', '/api', '/api/v1'],
  ])('%s with %s and %j', async (name, keyName, wrong, right) => {
    const { url, key } = clinic.gateway;
    const patient = clinic.home();
    expect(await patient.ills([], { [name]: url + right, [keyName]: key })).toEqual([]);
    const here = url.replace('127.0.0.1', 'localhost');
    expect(await patient.ills([], { [name]: here + wrong, [keyName]: key })).toMatchObject([
      { state: 'warn', check: 'base-url', tool: null, mend: `Set ${name} to ${url}${right}.` },
    ]);
    expect(await patient.ills([], { [name]: `${url}/nothing/v1`, [keyName]: key })).toMatchObject([
      { state: 'bad', check: 'base-url', mend: `Set ${name} to ${url}${right}.` },
    ]);
  });

  it('that leads elsewhere is where a key of this gateway goes', async () => {
    const { url, key } = clinic.gateway;
    const patient = clinic.home();
    expect(await patient.ills([], { OPENAI_API_KEY: key })).toMatchObject([
      { state: 'warn', what: expect.stringContaining('OPENAI_BASE_URL is not set') },
    ]);
    const away = { ANTHROPIC_BASE_URL: 'https://user:pass@api.example/v1', ANTHROPIC_AUTH_TOKEN: key };
    const [sent] = await patient.ills([], away);
    expect(sent).toMatchObject({ state: 'bad', what: expect.stringContaining('https://api.example') });
    expect(sent?.what).not.toContain('pass@');
    const foreign = { OPENAI_BASE_URL: `${url}/api/v1`, OPENAI_API_KEY: 'sk-secret-of-another' };
    const [other] = await patient.ills([], foreign);
    expect(other).toMatchObject({
      state: 'bad',
      check: 'key',
      what: expect.stringContaining('no key of this'),
    });
    expect(other?.what).not.toContain('secret');
    const bare = { OPENAI_BASE_URL: '127.0.0.1:7411', OPENAI_API_KEY: key };
    expect(await patient.ills([], bare)).toMatchObject([
      { state: 'bad', what: expect.stringContaining('http://') },
    ]);
  });
});
