import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { HelperProcessCalls } from '../../gateway/vault/keychain-process.ts';
import { type OpenVaultOptions, openVault } from '../../gateway/vault/open-vault.ts';
import { noKeyringHere, startKeyring, type TestKeyring } from '../support/keyring.ts';

const SECRET = 'sk-test-0123456789';
const OPEN_VAULT = new URL('../../gateway/vault/open-vault.ts', import.meta.url).href;

let dataDir: string;
let lines: string[];
const log = {
  info: (message: string) => lines.push(message),
  warn: (message: string) => lines.push(`warning: ${message}`),
};

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'vault-'));
  lines = [];
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

function openWith(env: NodeJS.ProcessEnv, options: Partial<OpenVaultOptions> = {}) {
  const keychainCalls = new HelperProcessCalls(env);
  return openVault({ dataDir, log, keychainTimeoutMs: 10_000, keychainCalls, ...options });
}

describe('without a keychain', () => {
  const nowhere = { PATH: process.env.PATH, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent/bus' };

  test.skipIf(noKeyringHere)(
    'a key file, or the passphrase where one is given; the log says which',
    async () => {
      const vault = await openWith(nowhere);
      expect(vault.kind).toBe('file-key');
      expect(lines).toEqual([expect.stringContaining('No keychain to use'), vault.protection]);
      await vault.set('provider:1', SECRET);
      expect(await (await openWith(nowhere)).get('provider:1')).toBe(SECRET);

      const guarded = await openWith(nowhere, { passphrase: 'a passphrase' });
      expect(guarded.kind).toBe('file-passphrase');
      expect(guarded.protection).toContain('NTL_VAULT_PASSPHRASE');
      expect(await guarded.get('provider:1')).toBe(SECRET);
    },
  );

  test('asked for a file it does not look at the keychain, and an empty passphrase is none', async () => {
    const call = () => Promise.reject(new Error('must not be asked'));
    const keychainCalls = { call, reset: () => undefined };
    const vault = await openVault({ dataDir, prefer: 'file', passphrase: '', keychainCalls, log });
    expect(vault.kind).toBe('file-key');
    expect(lines).toEqual([vault.protection]);
  });

  test('a damaged note about the kind in use is not guessed away', async () => {
    await writeFile(join(dataDir, 'vault-kind.json'), '{"kind":"keychain"}');
    const opening = openVault({ dataDir });
    await expect(opening).rejects.toMatchObject({ name: 'VaultError', reason: 'damaged' });
  });
});

describe.skipIf(noKeyringHere)('with a keychain', () => {
  let keyring: TestKeyring;
  beforeAll(async () => {
    keyring = await startKeyring();
  });
  afterAll(() => keyring.stop());
  beforeEach(() => keyring.unlock());

  test('it is used, nothing of a credential is in the data folder, and it outlives the keyring', async () => {
    const vault = await openWith(keyring.env, { passphrase: 'not needed' });
    expect(vault.kind).toBe('keychain');
    await vault.set('provider:1', SECRET);
    expect(await readdir(dataDir)).toEqual(['vault-kind.json']);
    expect(await readFile(join(dataDir, 'vault-kind.json'), 'utf8')).not.toContain(SECRET);
    await keyring.stopDaemon();
    await keyring.startDaemon();
    expect(await (await openWith(keyring.env)).get('provider:1')).toBe(SECRET);
  });

  test('locked at the next start: the same kind, a clear message, service once unlocked', async () => {
    await (await openWith(keyring.env)).set('provider:1', SECRET);
    await keyring.lock();
    const vault = await openWith(keyring.env, { passphrase: 'no reason to turn to a file' });
    expect(vault.kind).toBe('keychain');
    await expect(vault.get('provider:1')).rejects.toMatchObject({ reason: 'locked' });
    expect(await readdir(dataDir)).toEqual(['vault-kind.json']);
    await keyring.unlock();
    expect(await vault.get('provider:1')).toBe(SECRET);
  });

  test('missing at the next start: the same kind, a clear message, service once it is there', async () => {
    await (await openWith(keyring.env)).set('provider:1', SECRET);
    await keyring.stopDaemon();
    const vault = await openWith(keyring.env);
    expect(vault.kind).toBe('keychain');
    await expect(vault.get('provider:1')).rejects.toMatchObject({ reason: 'unavailable' });
    await keyring.startDaemon();
    expect(await vault.get('provider:1')).toBe(SECRET);
  });

  test('locked at the very first start: a file, and it stays one while it holds credentials', async () => {
    await keyring.lock();
    const vault = await openWith(keyring.env);
    expect(vault.kind).toBe('file-key');
    await keyring.unlock();
    expect((await openWith(keyring.env)).kind).toBe('keychain');

    await rm(join(dataDir, 'vault-kind.json'));
    await vault.set('provider:1', SECRET);
    expect((await openWith(keyring.env)).kind).toBe('file-key');
  });

  test('a moved data folder finds its credentials; two folders do not share theirs', async () => {
    await (await openWith(keyring.env)).set('provider:1', SECRET);
    const other = await mkdtemp(join(tmpdir(), 'vault-'));
    try {
      expect(await (await openWith(keyring.env, { dataDir: other })).get('provider:1')).toBeNull();
      await rename(join(dataDir, 'vault-kind.json'), join(other, 'vault-kind.json'));
      expect(await (await openWith(keyring.env, { dataDir: other })).get('provider:1')).toBe(SECRET);
    } finally {
      await rm(other, { recursive: true });
    }
  });

  test('another kind by wish: said in the log, for what is stored stays where it is', async () => {
    await (await openWith(keyring.env)).set('provider:1', SECRET);
    const vault = await openWith(keyring.env, { prefer: 'file' });
    expect(vault.kind).toBe('file-key');
    expect(lines).toContainEqual(expect.stringMatching(/^warning: .*stay in the keychain/));
    expect(await vault.get('provider:1')).toBeNull();
  });

  describe('in a process of its own', () => {
    /** Runs `body` where `openVault` and `dataDir` are known, with the environment of a desktop session. */
    function start(body: string, env: NodeJS.ProcessEnv = keyring.env): ChildProcess {
      const script = `
        const { openVault } = await import(${JSON.stringify(OPEN_VAULT)});
        const { InProcessCalls } = await import(${JSON.stringify(new URL('keychain-calls.ts', OPEN_VAULT).href)});
        const dataDir = ${JSON.stringify(dataDir)};
        ${body}`;
      return spawn(process.execPath, ['--input-type=module', '-e', script], { env, stdio: 'pipe' });
    }

    async function result(
      child: ChildProcess,
    ): Promise<{ code: number | null; signal: string | null; output: string }> {
      const exit = once(child, 'exit');
      const output = child.stdout ? await text(child.stdout) : '';
      const [code, signal] = await exit;
      return { code, signal, output };
    }

    test('works from its environment alone, and ends by itself when its work is done', async () => {
      const stored = await result(
        start(`await (await openVault({ dataDir })).set('provider:1', '${SECRET}');`),
      );
      expect(stored).toEqual({ code: 0, signal: null, output: '' });
      const read = start(`
        const vault = await openVault({ dataDir });
        console.log(vault.kind, await vault.get('provider:1'));`);
      expect(await result(read)).toEqual({ code: 0, signal: null, output: `keychain ${SECRET}\n` });
    });

    test.each([
      ['in a helper', '', { code: 3, signal: null }],
      ['in the process itself', 'keychainCalls: new InProcessCalls(),', { code: null, signal: 'SIGKILL' }],
    ])('a prompt nobody answers does not keep it from ending, with keytar %s', async (_, calls, ending) => {
      await (await openWith(keyring.env)).set('provider:1', SECRET);
      const dismiss = await keyring.leavePromptsOpen();
      try {
        await keyring.lock();
        const child = start(`
          const vault = await openVault({ dataDir, ${calls} keychainTimeoutMs: 500 });
          const first = await vault.get('provider:1').catch((error) => error.reason);
          const second = await vault.get('provider:1').catch((error) => error.reason);
          console.log(first, second);
          process.exit(3);`);
        expect(await result(child)).toMatchObject({ ...ending, output: 'locked locked\n' });
      } finally {
        await dismiss();
      }
    });
  });
});
