import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { proxyFindings } from '../../../gateway/cli/doctor/proxy.ts';
import { Clinic } from './clinic.ts';

let clinic: Clinic;
beforeAll(async () => {
  clinic = await Clinic.open();
});
afterAll(() => clinic[Symbol.asyncDispose]());

describe('a variable beside the settings of a connected tool', () => {
  it.each([
    [
      'claude-code',
      'ANTHROPIC_BASE_URL',
      'https://u:secret@api.example',
      'warn',
      'Its own settings count before it',
    ],
    ['claude-code', 'ANTHROPIC_API_KEY', 'sk-secret', 'ok', 'its own settings count before it'],
    ['claude-code', 'CLAUDE_CODE_USE_BEDROCK', '1', 'bad', 'goes to that service'],
    ['codex', 'OPENAI_API_KEY', 'sk-secret', 'ok', 'its own settings count before it'],
    ['qwen-code', 'NTL_KEY', 'secret', 'bad', 'it counts before its settings'],
    ['aider', 'AIDER_OPENAI_API_BASE', 'https://api.example/v1', 'bad', 'it counts before its settings'],
    ['opencode', 'OPENCODE_CONFIG_CONTENT', '{}', 'bad', 'takes what that says before its files'],
    ['openai-sdk', 'OPENAI_BASE_URL', 'https://api.example/v1', 'bad', 'it counts before its settings'],
  ])('%s: %s', async (tool, name, value, state, words) => {
    const patient = clinic.home();
    await patient.connect(tool);
    const { findings, text } = await patient.doctor([tool], { [name]: value });
    expect(text).not.toContain('secret');
    const [found] = findings.filter(({ check }) => check === 'override');
    expect(found).toMatchObject({ tool, state, what: expect.stringContaining(name) });
    expect(found?.what).toContain(words);
    if (state !== 'ok')
      expect(found?.mend).toMatch(new RegExp(`unset ${name}, and take it out of ~/\\.bashrc`));
  });

  it('that names another place for its files is told', async () => {
    const patient = clinic.home();
    await patient.connect('codex');
    const found = await patient.ills(['codex'], { CODEX_HOME: `${patient.home.path}/elsewhere` });
    expect(found).toMatchObject([
      {
        check: 'moved',
        state: 'bad',
        what: expect.stringContaining('as CODEX_HOME says'),
        mend: expect.stringContaining('Unset CODEX_HOME'),
      },
    ]);
  });
});

describe('a proxy of the environment', () => {
  const P = 'http://proxy.example:3128';

  it('is told with the tools that would ask it', async () => {
    const patient = clinic.home();
    await patient.connect('claude-code');
    const { code, findings } = await patient.doctor([], { HTTPS_PROXY: P });
    expect(code).toBe(1);
    expect(findings.filter(({ check }) => check === 'proxy')).toMatchObject([
      {
        ...{ state: 'bad', what: expect.stringContaining('claude-code asks the proxy') },
        mend: 'Set NO_PROXY and no_proxy to 127.0.0.1,localhost where your shell starts.',
      },
    ]);
    const left = await patient.doctor([], { HTTPS_PROXY: P, NO_PROXY: 'localhost, 127.0.0.1' });
    expect(left.findings.filter(({ check }) => check === 'proxy')).toMatchObject([{ state: 'ok' }]);
  });

  it.each([
    [{}, [], 'ok'],
    [{ http_proxy: P }, [], 'warn'],
    [{ HTTP_PROXY: P }, ['codex'], 'bad'],
    [{ HTTPS_PROXY: P }, [], 'ok'],
    [{ HTTPS_PROXY: P }, ['codex', 'opencode'], 'ok'],
    [{ https_proxy: P }, ['opencode', 'claude-code'], 'bad'],
    [{ ALL_PROXY: 'socks5://p:1' }, ['opencode'], 'warn'],
    [{ all_proxy: 'socks5://p:1', NO_PROXY: 'localhost' }, ['codex'], 'bad'],
    [{ HTTP_PROXY: P, NO_PROXY: '127.0.0.1:7411, .localhost' }, ['codex'], 'ok'],
    [{ HTTP_PROXY: P, no_proxy: '*' }, ['codex'], 'ok'],
    [{ HTTP_PROXY: P, NO_PROXY: '127.0.0.0/8,localhost' }, ['claude-code', 'codex'], 'warn'],
    [{ HTTP_PROXY: P, NO_PROXY: '127.0.0.0/8,localhost' }, ['opencode'], 'bad'],
    [{ HTTP_PROXY: P, NO_PROXY: '10.0.0.0/8,localhost' }, ['claude-code'], 'bad'],
    [{ HTTP_PROXY: P, NO_PROXY: '127.*,localhost' }, ['opencode'], 'bad'],
    [{ HTTP_PROXY: P, NO_PROXY: '[::1],::1' }, ['claude-code'], 'bad'],
    [{ HTTP_PROXY: P, NO_PROXY: '*', no_proxy: 'corp.example' }, ['codex'], 'bad'],
    [{ HTTPS_PROXY: P, HTTP_PROXY: P, NODE_USE_ENV_PROXY: '1' }, [], 'warn'],
  ])('%j with %j is %s', (environment, concerned, state) => {
    const [finding] = proxyFindings(environment, concerned);
    expect(finding?.state).toBe(state);
    if (state !== 'ok') expect(finding?.mend?.text).toMatch(/NO_PROXY and no_proxy to .*127\.0\.0\.1/);
    if ('NODE_USE_ENV_PROXY' in environment) expect(finding?.what).toContain('NODE_USE_ENV_PROXY');
  });
});
