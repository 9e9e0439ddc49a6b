import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openEncryptedFile } from '../../gateway/vault/encrypted-file.ts';

const SECRET = 'sk-test-0123456789';
const posix = process.platform !== 'win32';

let dataDir: string;
let warnings: string[];
const log = { info: () => undefined, warn: (message: string) => warnings.push(message) };

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'vault-'));
  warnings = [];
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const vaultFile = () => join(dataDir, 'vault.json');
const keyFile = () => join(dataDir, 'vault.key');
const withKeyFile = () => openEncryptedFile({ dataDir, log });
const withPassphrase = (passphrase: string) => openEncryptedFile({ dataDir, passphrase, log });
const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

describe('what is kept', () => {
  test('an empty vault holds nothing and writes nothing', async () => {
    const vault = await withKeyFile();
    expect(await vault.get('provider:1')).toBeNull();
    await vault.delete('provider:1');
    expect(await readdir(dataDir)).toEqual([]);
  });

  test('behaves as a map from accounts to secrets, also after reopening', async () => {
    const text = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
      .filter((value) => !value.includes('\0'));
    const account = fc.oneof(fc.constantFrom('provider:1', '__proto__', 'constructor', 'toString'), text);
    const step = fc.oneof(
      fc.record({ op: fc.constant('set' as const), account, secret: text }),
      fc.record({ op: fc.constant('delete' as const), account }),
      fc.record({ op: fc.constant('reopen' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        await rm(vaultFile(), { force: true });
        const model = new Map<string, string>();
        let vault = await withKeyFile();
        for (const one of steps) {
          if (one.op === 'reopen') vault = await withKeyFile();
          if (one.op === 'set') {
            await vault.set(one.account, one.secret);
            model.set(one.account, one.secret);
          }
          if (one.op === 'delete') {
            await vault.delete(one.account);
            model.delete(one.account);
          }
        }
        for (const name of [...model.keys(), 'provider:1', '__proto__']) {
          expect(await vault.get(name)).toBe(model.get(name) ?? null);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('concurrent writes all hold', async () => {
    const vault = await withKeyFile();
    const accounts = Array.from({ length: 25 }, (_, index) => `provider:${index}`);
    await Promise.all(accounts.map((account) => vault.set(account, `secret of ${account}`)));
    const reopened = await withKeyFile();
    for (const account of accounts) expect(await reopened.get(account)).toBe(`secret of ${account}`);
  });

  test.each(['', 'a\0b', '\ud800'])('refuses what a keychain could not hold: %j', async (bad) => {
    const vault = await withKeyFile();
    await expect(vault.set('provider:1', bad)).rejects.toThrow(TypeError);
    await expect(vault.set(bad, 'secret')).rejects.toThrow(TypeError);
  });
});

describe('what others can read', () => {
  test('neither file shows a secret, and equal secrets do not look equal', async () => {
    const vault = await withKeyFile();
    await vault.set('provider:1', SECRET);
    await vault.set('provider:2', SECRET);
    const text = await readFile(vaultFile(), 'utf8');
    expect(text).not.toContain(SECRET);
    const { entries } = JSON.parse(text);
    expect(entries[0].box.data).not.toBe(entries[1].box.data);
    expect(entries[0].box.nonce).not.toBe(entries[1].box.nonce);
  });

  test.runIf(posix)('files are for this user alone, also after a loose one was left behind', async () => {
    await writeFile(`${vaultFile()}.tmp`, 'left by a crash', { mode: 0o666 });
    await (await withKeyFile()).set('provider:1', SECRET);
    expect(await mode(vaultFile())).toBe('600');
    expect(await mode(keyFile())).toBe('600');
    expect((await readdir(dataDir)).sort()).toEqual(['vault.json', 'vault.key']);
  });

  test.runIf(posix)('a key file open to others is mended, with a word about it', async () => {
    await (await withKeyFile()).set('provider:1', SECRET);
    await chmod(keyFile(), 0o644);
    expect(await (await withKeyFile()).get('provider:1')).toBe(SECRET);
    expect(await mode(keyFile())).toBe('600');
    expect(warnings).toEqual([expect.stringContaining('vault.key')]);
  });
});

describe('passphrase', () => {
  test('scrypt with N = 2^17, and the right passphrase opens in any Unicode form', async () => {
    await (await withPassphrase('caf\u00e9')).set('provider:1', SECRET);
    const { key } = JSON.parse(await readFile(vaultFile(), 'utf8'));
    expect(key).toMatchObject({ source: 'scrypt', N: 131072, r: 8, p: 1 });
    expect(await (await withPassphrase('cafe\u0301')).get('provider:1')).toBe(SECRET);
    expect(await readdir(dataDir)).toEqual(['vault.json']);
  });

  test('a wrong or missing one is named, and no call changes the file', async () => {
    await (await withPassphrase('right')).set('provider:1', SECRET);
    const before = await readFile(vaultFile());
    for (const vault of [await withPassphrase('wrong'), await withKeyFile()]) {
      expect(vault.kind).toBe('file-passphrase');
      const refused = { name: 'VaultError', reason: 'wrong_passphrase' };
      await expect(vault.get('provider:1')).rejects.toMatchObject(refused);
      await expect(vault.set('provider:1', 'other')).rejects.toMatchObject(refused);
      await expect(vault.delete('provider:1')).rejects.toMatchObject(refused);
    }
    expect(await readFile(vaultFile())).toEqual(before);
    expect(await readdir(dataDir)).toEqual(['vault.json']);
  });

  test('a file made without one moves under it, and the key file goes', async () => {
    await (await withKeyFile()).set('provider:1', SECRET);
    const vault = await withPassphrase('new');
    expect(vault.kind).toBe('file-passphrase');
    expect(await vault.get('provider:1')).toBe(SECRET);
    expect(await readdir(dataDir)).toEqual(['vault.json']);
    await expect((await withKeyFile()).get('provider:1')).rejects.toMatchObject({
      reason: 'wrong_passphrase',
    });
  });
});

describe('damage', () => {
  test('a change of any one byte is noticed, and the file stays as it is', async () => {
    const vault = await withKeyFile();
    await vault.set('provider:1', SECRET);
    await vault.set('provider:2', 'another secret');
    const whole = await readFile(vaultFile());
    for (let at = 0; at < whole.length; at++) {
      for (const change of [0x01, 0x20]) {
        const altered = Buffer.from(whole);
        altered[at] = (whole[at] ?? 0) ^ change;
        await writeFile(vaultFile(), altered);
        await expect(vault.get('provider:1'), `byte ${at}`).rejects.toMatchObject({ reason: 'damaged' });
      }
    }
    const altered = await readFile(vaultFile());
    await expect(vault.set('provider:3', 'x')).rejects.toMatchObject({ reason: 'damaged' });
    expect(await readFile(vaultFile())).toEqual(altered);
  });

  test('a cut file and entries taken out, swapped or brought from another vault are noticed', async () => {
    const vault = await withKeyFile();
    await vault.set('provider:1', SECRET);
    const one = JSON.parse(await readFile(vaultFile(), 'utf8'));
    await vault.set('provider:2', 'another secret');
    const text = await readFile(vaultFile(), 'utf8');
    const two = JSON.parse(text);
    const [first, second] = two.entries;
    const forms = [
      '',
      text.slice(0, -20),
      asText({ ...two, entries: [first] }),
      asText({
        ...two,
        entries: [
          { ...first, box: second.box },
          { ...second, box: first.box },
        ],
      }),
      asText({ ...two, seal: one.seal }),
      asText({ ...two, key: { source: 'scrypt', N: 2 ** 30, r: 8, p: 1, salt: '' } }),
    ];
    for (const form of forms) {
      await writeFile(vaultFile(), form);
      await expect(vault.get('provider:1'), form).rejects.toMatchObject({ reason: 'damaged' });
    }
  });

  test('a missing, cut or foreign key file is damage, and is never replaced by a new one', async () => {
    const vault = await withKeyFile();
    await vault.set('provider:1', SECRET);
    const key = await readFile(keyFile());
    await rm(keyFile());
    await expect(vault.set('provider:1', 'x')).rejects.toMatchObject({ reason: 'damaged' });
    expect(await readdir(dataDir)).toEqual(['vault.json']);
    for (const wrong of [key.subarray(1), Buffer.alloc(32)]) {
      await writeFile(keyFile(), wrong, { mode: 0o600 });
      await expect(vault.get('provider:1')).rejects.toMatchObject({ reason: 'damaged' });
    }
    await writeFile(keyFile(), key);
    expect(await vault.get('provider:1')).toBe(SECRET);
  });

  test('a write that fails says so and keeps the old file', async () => {
    const vault = await withKeyFile();
    await vault.set('provider:1', SECRET);
    await mkdir(`${vaultFile()}.tmp`);
    await expect(vault.set('provider:1', 'x')).rejects.toMatchObject({ reason: 'unavailable' });
    expect(await vault.get('provider:1')).toBe(SECRET);
  });

  test('a kill between the temporary file and the rename keeps the old content', async () => {
    const vault = await withKeyFile();
    await vault.set('provider:1', SECRET);
    await copyFile(vaultFile(), join(dataDir, 'before'));
    const script = `
      import fs from 'node:fs/promises';
      import { syncBuiltinESMExports } from 'node:module';
      fs.rename = () => { process.kill(process.pid, 'SIGKILL'); return new Promise(() => {}); };
      syncBuiltinESMExports();
      const { openEncryptedFile } = await import(${JSON.stringify(new URL('../../gateway/vault/encrypted-file.ts', import.meta.url).href)});
      await (await openEncryptedFile({ dataDir: ${JSON.stringify(dataDir)} })).set('provider:1', 'new');`;
    const killed = promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    await expect(killed).rejects.toMatchObject({ signal: 'SIGKILL' });

    expect(await readdir(dataDir)).toContain('vault.json.tmp');
    expect(await readFile(vaultFile())).toEqual(await readFile(join(dataDir, 'before')));
    expect(await vault.get('provider:1')).toBe(SECRET);
    await vault.set('provider:1', 'later');
    expect(await (await withKeyFile()).get('provider:1')).toBe('later');
  });
});

function asText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
