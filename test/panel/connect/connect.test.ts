import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { TestHome } from '../../connect/setup/home.ts';
import { seriousFindings } from '../support/accessibility.ts';
import { copiedBy } from '../support/clipboard.ts';
import { sharedPanel } from '../support/shared-panel.ts';
import { furnish, type Studio } from '../support/studio.ts';

let studio: Studio;
const home = new TestHome();
const shared = sharedPanel(async (gateway) => {
  studio = await furnish(gateway);
});

// The gateway runs in this process: it finds the tools of this home.
beforeAll(() => {
  home.write('.claude/settings.json', '{\n  "verbose": true\n}\n');
  vi.stubEnv('HOME', home.path);
  for (const name of ['CLAUDE_CONFIG_DIR', 'CODEX_HOME', 'XDG_CONFIG_HOME']) vi.stubEnv(name, '');
});
afterAll(() => {
  vi.unstubAllEnvs();
  home[Symbol.dispose]();
});

async function open(path: string): Promise<Page> {
  const page = await shared.open(path);
  await page.getByRole('list', { name: 'Checks' }).waitFor();
  return page;
}

function copied(page: Page, what: string): Promise<string> {
  return copiedBy(page.getByRole('button', { name: `Copy ${what}` }));
}

const hello = { model: 'ntl/echo', max_tokens: 16, messages: [{ role: 'user', content: 'hello' }] };

describe('a tool', () => {
  it('gets lines with a key made on demand, and ticks with its own first request', async () => {
    const page = await open('/connect/claude-code');
    const checks = page.getByRole('list', { name: 'Checks' });
    await checks.getByText('Address answers').waitFor();
    await page.getByRole('combobox', { name: 'Model', exact: true }).click();
    await page.getByRole('option', { name: 'ntl/echo' }).click();
    await page.getByRole('tab', { name: 'Settings file' }).click();
    expect(JSON.parse(await copied(page, '~/.claude/settings.json')).env.ANTHROPIC_AUTH_TOKEN).toBe(
      'ntl_live_YOUR_KEY',
    );

    await page.getByRole('button', { name: 'Make the key' }).click();
    await page.getByText('The new key, shown this once').waitFor();
    const { env } = JSON.parse(await copied(page, '~/.claude/settings.json'));
    expect(env.ANTHROPIC_MODEL).toBe('ntl/echo');

    // As another tool, with another key: that is not it.
    await shared.gateway.post('/api/v1/chat/completions', hello, { headers: { 'user-agent': 'curl/8.5.0' } });
    const answer = await fetch(`${env.ANTHROPIC_BASE_URL}/v1/messages`, {
      method: 'POST',
      headers: {
        ...{ authorization: `Bearer ${env.ANTHROPIC_AUTH_TOKEN}`, 'anthropic-version': '2023-06-01' },
        ...{ 'content-type': 'application/json', 'user-agent': 'claude-cli/2.1.329' },
      },
      body: JSON.stringify({ ...hello, model: env.ANTHROPIC_MODEL }),
    });
    expect(answer.status).toBe(200);
    await checks.getByText('Claude Code works').waitFor();
    await page.getByText(/^Last seen/).waitFor();

    await page.getByRole('button', { name: 'Copy key' }).click();
    await page.getByRole('button', { name: 'I have stored it' }).click();
    expect(await page.content()).not.toContain(env.ANTHROPIC_AUTH_TOKEN);
    const { body } = await shared.gateway.admin('GET', '/keys?pageSize=1000');
    expect(body.data).toContainEqual(expect.objectContaining({ name: 'claude-code', memberId: '1' }));
  });

  it('is set up by its own file, and undone to the byte', async () => {
    const before = home.state();
    const page = await open('/connect/claude-code');
    const diff = page.getByRole('figure', { name: '~/.claude/settings.json' });
    await diff.getByText(/^\d+ lines added, nothing removed$/).waitFor();
    expect(await diff.innerText()).toContain('"ANTHROPIC_AUTH_TOKEN": "ntl_live_…"');
    await page.getByRole('button', { name: 'Write these lines' }).click();
    await page.getByText(/^Written .* Undo puts everything back/).waitFor();
    const { env, verbose } = JSON.parse(home.read('.claude/settings.json'));
    expect([env.ANTHROPIC_BASE_URL, verbose]).toEqual([`${shared.gateway.url}/api`, true]);
    expect(await page.content()).not.toContain(env.ANTHROPIC_AUTH_TOKEN);
    await page.getByRole('button', { name: 'Undo…' }).click();
    const question = page.getByRole('dialog', { name: 'Undo the setup of Claude Code?' });
    await question.getByText('~/.claude/settings.json goes back to what was there before.').waitFor();
    await question.getByRole('button', { name: 'Cancel' }).click();
    await question.waitFor({ state: 'detached' });
    expect(home.read('.claude/settings.json')).toContain(env.ANTHROPIC_AUTH_TOKEN);
    await page.getByRole('button', { name: 'Undo…' }).click();
    await question.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('~/.claude/settings.json is as it was, to the byte.').waitFor();
    expect(home.state()).toEqual(before);
  });

  it('whose settings were changed, or whose key is stale, says so and is set up again', async () => {
    const { body: set } = await shared.gateway.admin('POST', '/connect/tools/codex/setup', {
      model: 'ntl/echo',
    });
    const settings = home.read('.codex/config.toml');
    let page = await open('/connect/codex');
    await page.getByText('Its settings lead here').waitFor();
    await page.getByText(/^Written .* with ntl\/echo/).waitFor();
    expect(await page.getByRole('combobox', { name: 'Model', exact: true }).inputValue()).toBe('ntl/echo');

    home.write('.codex/config.toml', settings.replace('/api/v1"', '/api/v7"'));
    page = await shared.open('/connect/codex', { anew: true });
    const notice = page.getByRole('alert').filter({ hasText: 'no API at that path' });
    await notice
      .getByText(/^Codex is told .*\/api\/v7 \(model_providers\.ntl\.base_url in ~\/\.codex/)
      .waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByRole('tab', { name: 'One command' }).click();
    await notice.getByRole('button', { name: 'Set it up again' }).click();
    await page.getByRole('tabpanel').getByRole('button', { name: 'Set it up again' }).click();
    await page.getByText(/^Written/).waitFor();
    await notice.waitFor({ state: 'detached' });
    expect(home.read('.codex/config.toml')).toContain(`base_url = "${shared.gateway.url}/api/v1"`);

    await shared.gateway.admin('DELETE', `/keys/${set.connected.keyId}`);
    page = await shared.open('/connect/codex', { anew: true });
    await page.getByText(/^Codex: the key codex .* was revoked/).waitFor();
    await page.getByRole('button', { name: 'Set it up again' }).click();
    await page.getByText('Its settings lead here').waitFor();
    await shared.gateway.admin('DELETE', '/connect/tools/codex/setup');
  });

  it('is set up by one command, as it is called on this install', async () => {
    const page = await open('/connect/opencode');
    await page.getByRole('tab', { name: 'One command' }).click();
    const connect = await copied(page, 'Write its settings, with a key of its own');
    const run = await copied(page, 'Start it once, with nothing written');
    const root = join(import.meta.dirname, '../../..');
    expect(connect).toContain(`npm --prefix ${root} run -s ntl -- connect opencode --model `);
    expect(run).toContain(' -- run opencode --model ');
    await page.getByText(/^ntl comes with the source/).waitFor();
    expect(await page.getByRole('button', { name: 'Make the key' }).count()).toBe(0);
  });

  it('whose file is broken is not written, and says where', async () => {
    home.write('.qwen/settings.json', '{\n  "model": \n}\n');
    const page = await open('/connect/qwen-code');
    await page.getByText(/^~.*settings\.json, line 3, is no valid JSON/).waitFor();
    expect(await page.getByRole('button', { name: 'Write these lines' }).isDisabled()).toBe(true);
  });

  it('says when its request came and was refused', async () => {
    const page = await open('/connect/codex');
    await shared.gateway.post(
      '/api/v1/chat/completions',
      { ...hello, model: 'nothing-here' },
      { headers: { 'user-agent': 'codex_cli_rs/0.169' } },
    );
    await page.getByText('Codex reached it and was answered unknown_model').waitFor();
    await page.getByText(/, known as Codex, nothing-here, by Chat Completions\./).waitFor();
    await page.getByText(/Publish it, bind it, or set another model in the tool\./).waitFor();
    await page.getByRole('link', { name: 'See why' }).click();
    await page.waitForURL(/#\/audit\/\d+$/);
  });

  it('is found by its name', async () => {
    const page = await open('/connect');
    await page.keyboard.press('/');
    await page.keyboard.type('kimi');
    await page.getByRole('navigation', { name: 'Tools' }).getByRole('link').click();
    await page.getByRole('heading', { name: 'Kimi Code' }).waitFor();
  });
});

describe('a key that is there already', () => {
  it('is not filled in, says why, and can be pasted by whoever has it', async () => {
    const { keyId, key } = await shared.gateway.member({ name: 'Pia' });
    const page = await open(`/connect/claude-code?keyId=${keyId}`);
    await page.getByText('“test” cannot be filled in').waitFor();
    const field = page.getByLabel('Paste the key “test”');
    await field.fill(shared.gateway.key);
    await page.getByText(/^This one begins with/).waitFor();
    await field.fill(key);
    const { env } = JSON.parse(await copied(page, '~/.claude/settings.json'));
    expect(env.ANTHROPIC_AUTH_TOKEN).toBe(key);
  });

  it('tells beforehand what the gateway would refuse', async () => {
    const ada = studio.keys.find(({ memberId }) => memberId === studio.members.Ada)?.id;
    const page = await open(`/connect/claude-code?keyId=${ada}&model=deepseek-v3`);
    await page.getByText('Ada may not use deepseek-v3').waitFor();
    await page.getByRole('combobox', { name: 'Model', exact: true }).click();
    await page.getByRole('option', { name: 'claude-sonnet-4-5' }).click();
    await page.getByText('Model is allowed for Ada').waitFor();
  });
});

describe('Cursor', () => {
  it('has its limit first, and takes a public address once that leads here', async () => {
    const page = await open('/connect/cursor');
    await page.getByText('Cursor cannot reach 127.0.0.1').waitFor();
    const field = page.getByLabel('Public address of your tunnel');
    await field.fill('http://no-such.name.invalid');
    await page.getByText('There is no such name.').waitFor();
    // Stands for a tunnel: any address that leads here.
    const port = new URL(shared.gateway.url).port;
    await field.fill(`http://127.0.0.1.:${port}`);
    await page.getByText(/^Leads here/).waitFor();
  });
});
