import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noKeyringHere, startKeyring, type TestKeyring } from '../support/keyring.ts';
import { type Provider, startProvider } from '../support/provider/provider.ts';
import { type Running, runNtl, startServe, TestFolder } from './run-ntl.ts';

const TITLE = 'ntl serve on a real gnome-keyring';

/** Unlike anything else that could be on a disk. */
const CREDENTIAL = `sk-kept-${randomUUID()}`;
const PROVIDER_NAME = `Work ${randomUUID()}`;

describe.skipIf(noKeyringHere)(noKeyringHere === undefined ? TITLE : `${TITLE}: ${noKeyringHere}`, () => {
  const folder = new TestFolder();
  let keyring: TestKeyring;
  let provider: Provider;
  let local: Provider;
  let gateway: Running & { url: string };
  let key: string;

  beforeAll(async () => {
    keyring = await startKeyring();
    provider = await startProvider({ credential: CREDENTIAL });
    local = await startProvider({ credential: null });
    gateway = await serve();
    key = /ntl_live_[A-Za-z0-9]{40}/.exec(gateway.stdout)?.[0] ?? '';
  });
  afterAll(async () => {
    await gateway?.[Symbol.asyncDispose]();
    await provider?.close();
    await local?.close();
    await keyring?.stop();
    folder[Symbol.dispose]();
  });

  /** As a person in this keyring's session starts it: nothing says which vault to take. */
  function serve() {
    const { DBUS_SESSION_BUS_ADDRESS = '', XDG_RUNTIME_DIR = '', HOME = '' } = keyring.env;
    const session = { DBUS_SESSION_BUS_ADDRESS, XDG_RUNTIME_DIR, HOME, DISPLAY: '', WAYLAND_DISPLAY: '' };
    const env = { ...session, NTL_VAULT: '', NTL_VAULT_PASSPHRASE: '', NTL_LOG_LEVEL: 'debug' };
    return startServe(folder.path, ['--port', '0'], env);
  }

  async function restart(): Promise<void> {
    gateway.child.kill('SIGTERM');
    expect(await gateway.ended).toBe(0);
    gateway = await serve();
  }

  function ntl(words: string, input = '') {
    return runNtl([...words.split(' '), '--data-dir', folder.path], { input });
  }

  async function ask(model: string) {
    const answer = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] }),
    });
    const body = (await answer.json()) as { error?: { code: string; message: string } };
    return { status: answer.status, requestId: answer.headers.get('x-request-id') ?? '', error: body.error };
  }

  /** Files of the data folder that hold the text, as it is or in base64. */
  function filesWith(text: string): string[] {
    const forms = [text, Buffer.from(text).toString('base64').replace(/=+$/, '')];
    return readdirSync(folder.path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => forms.some((form) => readFileSync(path).includes(form)));
  }

  it('keeps a piped credential in the keychain, and sends it to the provider', async () => {
    expect(gateway.stdout.replace(/\s+/g, ' ')).toContain("are in this computer's keychain");
    const add = `providers add openai-compatible --base-url ${provider.url} --models gpt-4o --name`;
    const words = [...add.split(' '), PROVIDER_NAME, '--data-dir', folder.path];
    const added = await runNtl(words, { input: `${CREDENTIAL}\n` });
    expect(added).toMatchObject({ code: 0, stderr: '' });
    expect(added.stdout).toContain('gpt-4o: published');
    const here = `providers add ollama --no-credential --base-url ${local.url} --models gpt-5-mini`;
    expect((await ntl(here)).stdout).toContain('gpt-5-mini: published');

    expect(await ask('gpt-4o')).toMatchObject({ status: 200 });
    expect(provider.requests.at(-1)?.headers.authorization).toBe(`Bearer ${CREDENTIAL}`);
  });

  it('leaves nothing of it in the data folder, and serves after a restart', async () => {
    // The search would find it: it finds what stands beside it.
    expect(filesWith(PROVIDER_NAME)).not.toEqual([]);
    expect(filesWith(CREDENTIAL)).toEqual([]);

    await restart();
    expect(await ask('gpt-4o')).toMatchObject({ status: 200 });
    expect(filesWith(CREDENTIAL)).toEqual([]);
    expect(gateway.stdout + gateway.stderr).not.toContain(CREDENTIAL);
  });

  it('locked: says so and how to unlock it, and serves what needs no credential', async () => {
    await keyring.lock();
    await restart();
    const called = provider.requests.length;

    const refused = await ask('gpt-4o');
    expect(refused).toMatchObject({ status: 502, error: { code: 'upstream_error' } });
    expect(refused.error?.message).toMatch(/keychain is locked.*Unlock/);
    expect(provider.requests).toHaveLength(called);
    expect(await ask('ntl/echo')).toMatchObject({ status: 200 });
    expect(await ask('gpt-5-mini')).toMatchObject({ status: 200 });

    const [status, list, shown] = await Promise.all([
      ntl('status'),
      ntl('providers list'),
      ntl(`requests show ${refused.requestId}`),
    ]);
    expect(status).toMatchObject({ code: 0, stderr: '' });
    expect(status.stdout).toMatch(/^! .*keychain is locked.*Unlock/m);
    expect(list.stdout).toContain('vault out of reach');
    expect(shown.stdout).toContain('its stored credential could not be read');
    expect(provider.requests).toHaveLength(called);
  });

  it('unlocked again: serves without a restart, and status has nothing to say', async () => {
    expect((await ntl('doctor')).stdout).toMatch(/^wrong {2}.*keychain is locked/m);
    await keyring.unlock();
    expect(await ask('gpt-4o')).toMatchObject({ status: 200 });
    expect((await ntl('status')).stdout).not.toMatch(/^!/m);
    expect((await ntl('doctor')).stdout).not.toContain('keychain');
  });
});
