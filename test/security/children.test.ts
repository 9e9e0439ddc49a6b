/** What other programs of the system may see of the gateway's process, and of those it starts (proc(5)). */
import { execFileSync } from 'node:child_process';
import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environmentForTools } from '../../electron/launch/tool-environment.ts';
import { readRuntimeFile } from '../../gateway/runtime-file.ts';
import { startServe, TestFolder } from '../cli/run-ntl.ts';
import { noKeyringHere, startKeyring, type TestKeyring } from '../support/keyring.ts';
import { startProvider } from '../support/provider/provider.ts';

const root = join(import.meta.dirname, '../..');
const PASSPHRASE = 'a passphrase nobody else has';
const CREDENTIAL = 'sk-credential-nobody-else-has';

/** Processes that `pid` has started, and theirs. */
function descendants(pid: number): number[] {
  const children = globSync(`/proc/${pid}/task/*/children`)
    .flatMap((path) => readFileSync(path, 'utf8').trim().split(/\s+/))
    .filter((text) => text !== '')
    .map(Number);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

const told = (pid: number, file: 'environ' | 'cmdline') => readFileSync(`/proc/${pid}/${file}`, 'latin1');

describe.skipIf(noKeyringHere !== undefined)(
  'a gateway with a keychain, a credential and a passphrase',
  () => {
    let keyring: TestKeyring;
    beforeAll(async () => {
      keyring = await startKeyring();
    }, 60_000);
    afterAll(() => keyring.stop());

    it('shows secrets in no command line, and its children in no environment', async () => {
      using folder = new TestFolder();
      await using provider = await startProvider({ credential: CREDENTIAL });
      const env = { ...(keyring.env as Record<string, string>), NTL_VAULT: 'keychain' };
      await using serving = await startServe(folder.path, ['--port', '0'], {
        ...env,
        NTL_VAULT_PASSPHRASE: PASSPHRASE,
      });
      const { adminToken = '', url = '', panelUrl = '' } = readRuntimeFile(folder.path) ?? {};
      const facts = { name: 'x', kind: 'openai-compatible', baseUrl: provider.url, credential: CREDENTIAL };
      const added = await fetch(`${url}/admin/api/providers`, {
        method: 'POST',
        headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
        body: JSON.stringify(facts),
      });
      expect(added.status).toBe(201);

      const pid = serving.child.pid ?? 0;
      const children = descendants(pid);
      // The keychain's helper at least: without it nothing would be looked at.
      expect(children.map((child) => told(child, 'cmdline')).join()).toContain('keychain-helper');
      const ticket = new URL(panelUrl).searchParams.get('ticket') ?? '';
      const key = /ntl_live_\w{40}/.exec(serving.stdout)?.[0] ?? '';
      const secrets = [PASSPHRASE, CREDENTIAL, adminToken, ticket, key];
      expect(secrets).not.toContain('');
      for (const secret of secrets) {
        for (const process of [pid, ...children]) expect(told(process, 'cmdline')).not.toContain(secret);
        for (const child of children) expect(told(child, 'environ')).not.toContain(secret);
      }
      // Linux keeps what the gateway itself was started with, for its own user alone.
      expect(told(pid, 'environ')).toContain(PASSPHRASE);
      for (const secret of secrets.slice(1)) expect(told(pid, 'environ')).not.toContain(secret);
      expect(statSync(`/proc/${pid}/environ`).mode & 0o777).toBe(0o400);
    });
  },
);

it('what builds and installs gets the environment without the passphrase', () => {
  const environment = { PATH: '/bin', NTL_VAULT_PASSPHRASE: PASSPHRASE, NTL_PORT: '1' };
  expect(environmentForTools(environment)).toEqual({ PATH: '/bin', NTL_PORT: '1' });
});

it('every place that starts a process is known here', () => {
  const files = globSync('{gateway,electron}/**/*.ts', { cwd: root });
  const starts = files.filter((file) =>
    /from 'node:(child_process|cluster|worker_threads)'/.test(readFileSync(join(root, file), 'utf8')),
  );
  expect(starts.toSorted()).toEqual([
    'electron/launch.ts',
    'electron/launch/build-if-stale.ts',
    'electron/launch/electron-binary.ts',
    'electron/updates/update-way.ts',
    // What the person names, in their own terminal.
    'gateway/cli/run-tool.ts',
    'gateway/tunnel/run-tool.ts',
    'gateway/vault/keychain-process.ts',
  ]);
});

it('nothing writes the memory of the process to a file', () => {
  const words =
    /writeHeapSnapshot|getHeapSnapshot|heapsnapshot|writeReport|report-on|crashReporter\.start|--abort-on/;
  const files = globSync(['{gateway,electron}/**/*.ts', 'package.json', 'electron-builder.yml'], {
    cwd: root,
  });
  expect(files.filter((file) => words.test(readFileSync(join(root, file), 'utf8')))).toEqual([]);
  // Nor does Node by itself: a report on a fatal error is an option nobody sets.
  const defaults = execFileSync(process.execPath, [
    '-p',
    'const { reportOnFatalError, reportOnSignal, reportOnUncaughtException } = process.report; [reportOnFatalError, reportOnSignal, reportOnUncaughtException]',
  ]);
  expect(defaults.toString()).not.toContain('true');
});
