import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { TestHome } from '../connect/setup/home.ts';
import { type Provider, startProvider } from '../support/provider/provider.ts';
import { seriousFindings } from './support/accessibility.ts';
import { sharedPanel } from './support/shared-panel.ts';

const KEY = 'sk-very-secret-credential-0123456789';
const shared = sharedPanel(async () => {}, { localPorts: { ollama: 9, lmstudio: 9, llamacpp: 9, vllm: 9 } });

let home: TestHome;
let service: Provider;
beforeAll(async () => {
  service = await startProvider({ credential: KEY, models: ['a-large', 'a-small'] });
});
afterAll(() => service.close());
/** The gateway runs in this process: its home is the test's. */
beforeEach(() => {
  home = new TestHome();
  vi.stubEnv('HOME', home.path);
  for (const name of ['CLAUDE_CONFIG_DIR', 'CODEX_HOME', 'CONTINUE_GLOBAL_DIR', 'OPENAI_API_KEY'])
    vi.stubEnv(name, '');
  onTestFinished(() => {
    vi.unstubAllEnvs();
    home[Symbol.dispose]();
  });
});

function claudeSettings(env: object): void {
  const given = { ANTHROPIC_BASE_URL: service.url, ANTHROPIC_AUTH_TOKEN: KEY, ...env };
  home.write('.claude/settings.json', JSON.stringify({ apiKeyHelper: 'print-key', env: given }));
}

async function providers() {
  return (await shared.gateway.admin('GET', '/providers')).body.data;
}

describe('bringing providers from elsewhere', () => {
  it.each(['light', 'dark'] as const)('by the keyboard, from the first page on, in %s', async (scheme) => {
    claudeSettings({ ANTHROPIC_MODEL: `a-large-${scheme}` });
    const before = home.state();
    for (const { id } of await providers()) await shared.gateway.admin('DELETE', `/providers/${id}`);
    const page = await shared.open('/providers', { scheme, anew: true });
    await page.getByText('No provider yet').waitFor();
    await page.getByRole('button', { name: 'Bring them from elsewhere' }).press('Enter');
    await page.getByText('~/.claude/settings.json').waitFor();
    await page.getByText('Not found here: Environment variables, Codex').waitFor();
    expect(await seriousFindings(page, '[role="dialog"]')).toEqual([]);

    await page.getByRole('button', { name: 'Look at Claude Code' }).press('Enter');
    const card = page.getByRole('region', { name: '127.0.0.1' });
    await card.getByText('Anthropic-compatible, key …6789').waitFor();
    expect(await page.locator(':focus').textContent()).toBe('Claude Code');
    await page.getByRole('button', { name: 'Left where it is (1)' }).press('Enter');
    await page.getByText('no command is run for this').waitFor();
    expect(await seriousFindings(page, '[role="dialog"]')).toEqual([]);
    expect(await providers()).toEqual([]);

    await card.getByRole('checkbox').waitFor();
    await card.getByRole('button', { name: 'Take over 127.0.0.1' }).press('Enter');
    await card.getByText('Taken over').waitFor();
    await card.getByText(/2 models found/).waitFor();
    await card.getByText(`and serves a-large-${scheme}`).waitFor();
    expect(await seriousFindings(page, '[role="dialog"]')).toEqual([]);
    expect(await page.content()).not.toContain(KEY);
    await page.getByRole('button', { name: 'Done' }).press('Enter');
    await page.getByRole('row').filter({ hasText: service.url }).getByText('Answers').waitFor();
    expect(home.state()).toEqual(before);
    const { body } = await shared.gateway.admin('GET', `/models/a-large-${scheme}`);
    expect(body.targets).toMatchObject([{ upstreamModel: `a-large-${scheme}`, providerName: '127.0.0.1' }]);
  });

  it('a file is pasted with the variables it refers to, mended, and each of its providers has a button', async () => {
    await using other = await startProvider({ credential: `${KEY}-other`, models: ['b'] });
    const entry = (name: string, url: string, key: string) =>
      `  - {model_name: ${name}, litellm_params: {model: openai/b, api_base: "${url}", api_key: os.environ/${key}}}\n`;
    const text = `model_list:\n${entry('both', service.url, 'ONE')}${entry('both', `${other.url}/v1`, 'TWO')}`;
    const page = await shared.open('/providers/import');
    await page.getByRole('button', { name: 'Choose LiteLLM' }).click();
    await page.getByRole('textbox', { name: 'config.yaml' }).fill('model_list: [\n');
    expect(await seriousFindings(page, '[role="dialog"]')).toEqual([]);
    await page.getByRole('button', { name: 'Look', exact: true }).click();
    await page.getByText(/^The file, line \d, is no valid YAML\./).waitFor();
    await page.getByRole('button', { name: 'Change the text…' }).click();
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'config.yaml from a file…' }).click();
    await (await chooser).setFiles(home.write('config.yaml', text));
    await page.getByText('model_name: both').waitFor();
    await page
      .getByRole('textbox', { name: 'Variables it refers to' })
      .fill(`ONE=${KEY}-wrong\nTWO=${KEY}-other\n`);
    await page.getByRole('button', { name: 'Look', exact: true }).click();
    const cards = page.getByRole('region', { name: '127.0.0.1' });
    await cards.nth(1).waitFor();
    await cards.nth(0).getByRole('button', { name: 'Take over 127.0.0.1' }).click();
    await cards.nth(0).getByText('Key refused.').waitFor();
    await cards.nth(1).getByRole('button', { name: 'Take over 127.0.0.1' }).click();
    await cards.nth(1).getByText('and serves both').waitFor();
    const { body } = await shared.gateway.admin('GET', '/models/both');
    expect(body.targets).toHaveLength(2);
    await page.getByRole('button', { name: 'All places' }).click();
    await page.getByText('In a file you choose').waitFor();
  });

  it('what changed meanwhile is not taken, and what is there is said to be there', async () => {
    claudeSettings({ ANTHROPIC_AUTH_TOKEN: `${KEY}-1` });
    const page = await shared.open('/providers/import', { refusals: true });
    await page.getByRole('button', { name: 'Look at Claude Code' }).click();
    const take = page.getByRole('button', { name: 'Take over 127.0.0.1' });
    await take.waitFor();
    claudeSettings({ ANTHROPIC_AUTH_TOKEN: `${KEY}-2` });
    await take.click();
    await page.getByText('It changed since you looked. Look again.').waitFor();
    const facts = {
      name: 'Mine',
      kind: 'anthropic-compatible',
      baseUrl: service.url,
      credential: `${KEY}-2`,
    };
    await shared.gateway.admin('POST', '/providers', facts);
    await page.getByRole('button', { name: 'Look again' }).click();
    await page.getByText('There already').waitFor();
    await page.getByRole('link', { name: 'Mine' }).waitFor();
    expect(await take.count()).toBe(0);
  });

  it('a source with nothing in it says so', async () => {
    home.write('.codex/config.toml', 'model = "gpt-5"\n');
    const page = await shared.open('/providers/import');
    await page.getByRole('button', { name: 'Look at Codex' }).click();
    await page.getByText('No provider and no key stands there.').waitFor();
    home.write('.codex/config.toml', 'model =\n');
    await page.getByRole('button', { name: 'Look again' }).click();
    await page.getByText('~/.codex/config.toml, line 1, is no valid TOML.').waitFor();
  });
});
