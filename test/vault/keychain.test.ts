import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { KeychainVault } from '../../gateway/vault/keychain.ts';
import { HelperProcessCalls } from '../../gateway/vault/keychain-process.ts';
import { noKeyringHere, startKeyring, type TestKeyring } from '../support/keyring.ts';

const run = promisify(execFile);
const SECRET = 'sk-test-0123456789 ✓';

describe.skipIf(noKeyringHere)('keychain, on a real gnome-keyring', () => {
  let keyring: TestKeyring;
  let vault: KeychainVault;
  beforeAll(async () => {
    keyring = await startKeyring();
  });
  afterAll(() => keyring.stop());
  beforeEach(async () => {
    await keyring.unlock();
    vault = open('folder-a');
    await vault.probe();
    await vault.set('provider:1', SECRET);
  });

  const open = (scope: string, timeoutMs = 10_000, env = keyring.env) =>
    new KeychainVault({ scope, timeoutMs, calls: new HelperProcessCalls(env) });

  /** Asks the keyring without keytar. @returns undefined when it holds no such entry */
  async function lookUp(account: string): Promise<string | undefined> {
    const attributes = ['service', 'NoTokenLimit Desktop', 'account', account];
    const found = run('secret-tool', ['lookup', ...attributes], { env: keyring.env });
    return found.then(
      ({ stdout }) => stdout,
      () => undefined,
    );
  }

  test('keeps, replaces and deletes a secret, in the keyring itself', async () => {
    expect(await vault.get('provider:1')).toBe(SECRET);
    expect(await lookUp('folder-a/provider:1')).toBe(SECRET);
    await vault.set('provider:1', 'newer');
    expect(await vault.get('provider:1')).toBe('newer');
    await vault.delete('provider:1');
    expect(await vault.get('provider:1')).toBeNull();
    expect(await lookUp('folder-a/provider:1')).toBeUndefined();
    await vault.delete('provider:1');
  });

  test('the probe leaves nothing of its own but the sign of use', async () => {
    const search = await run('secret-tool', ['search', '--all', 'service', 'NoTokenLimit Desktop'], {
      env: keyring.env,
    });
    expect(search.stdout + search.stderr).toContain('folder-a/#vault');
    expect(search.stdout + search.stderr).not.toContain('#probe');
  });

  test('two data folders do not see each other', async () => {
    const other = open('folder-b');
    await other.probe();
    expect(await other.get('provider:1')).toBeNull();
    await other.delete('provider:1');
    expect(await vault.get('provider:1')).toBe(SECRET);
  });

  test('many calls at once all get their own answer', async () => {
    const accounts = Array.from({ length: 30 }, (_, index) => `many:${index}`);
    await Promise.all(accounts.map((account) => vault.set(account, `secret of ${account}`)));
    const secrets = await Promise.all(accounts.map((account) => vault.get(account)));
    expect(secrets).toEqual(accounts.map((account) => `secret of ${account}`));
  });

  test('locked: every call says so and how to unlock, and serves again once unlocked', async () => {
    await keyring.lock();
    const refused = { name: 'VaultError', reason: 'locked', message: expect.stringContaining('Unlock') };
    await expect(vault.get('provider:1')).rejects.toMatchObject(refused);
    await expect(vault.set('provider:1', 'lost?')).rejects.toMatchObject(refused);
    await expect(vault.delete('provider:1')).rejects.toMatchObject(refused);
    await keyring.unlock();
    expect(await vault.get('provider:1')).toBe(SECRET);
  });

  test('locked with a prompt nobody answers: a time-out, then service again once unlocked', async () => {
    const impatient = open('folder-a', 1_500);
    expect(await impatient.get('provider:1')).toBe(SECRET);
    const dismiss = await keyring.leavePromptsOpen();
    await keyring.lock();
    const started = performance.now();
    const calls = Array.from({ length: 10 }, () => impatient.get('provider:1'));
    const answers = await Promise.allSettled(calls);
    expect(performance.now() - started).toBeLessThan(10_000);
    for (const answer of answers) {
      expect(answer).toMatchObject({
        reason: { reason: 'locked', message: expect.stringContaining('1.5 s') },
      });
    }
    await dismiss();
    await keyring.unlock();
    expect(await impatient.get('provider:1')).toBe(SECRET);
  });

  test('a keyring that goes is named, and its secrets are there when it is back', async () => {
    await keyring.stopDaemon();
    const error = await vault.get('provider:1').catch((thrown) => thrown);
    expect(error).toMatchObject({ name: 'VaultError', reason: 'unavailable' });
    expect(error.message).not.toContain(keyring.env.HOME);
    await keyring.startDaemon();
    expect(await vault.get('provider:1')).toBe(SECRET);
  });

  test('a keyring restarted between two calls is not even noticed', async () => {
    await keyring.stopDaemon();
    await keyring.startDaemon();
    expect(await vault.get('provider:1')).toBe(SECRET);
  });

  test('entries deleted by somebody are told from a locked keyring by entering them again', async () => {
    await run('secret-tool', ['clear', 'service', 'NoTokenLimit Desktop'], { env: keyring.env });
    await expect(vault.get('provider:1')).rejects.toMatchObject({
      message: expect.stringContaining('are gone'),
    });
    await vault.set('provider:2', 'entered again');
    expect(await vault.get('provider:2')).toBe('entered again');
    expect(await vault.get('provider:1')).toBeNull();
  });

  test('no D-Bus session: unavailable, without the words that name paths', async () => {
    const env = { ...keyring.env, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent/bus' };
    const error = await open('folder-a', 10_000, env)
      .get('provider:1')
      .catch((thrown) => thrown);
    expect(error).toMatchObject({ name: 'VaultError', reason: 'unavailable' });
    expect(error.message).not.toContain('/nonexistent');
  });

  test('the helper never learns the passphrase of the file vault', async () => {
    const env = { ...keyring.env, NTL_TEST_MARK: 'mark of this helper', NTL_VAULT_PASSPHRASE: 'not for you' };
    await open('folder-a', 10_000, env).get('provider:1');
    const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const environments = await Promise.all(
      processes.map((pid) => readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')),
    );
    const helpers = environments.filter((text) => text.includes('mark of this helper'));
    expect(helpers).toHaveLength(1);
    expect(helpers[0]).not.toContain('not for you');
  });
});
