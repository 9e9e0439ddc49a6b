import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readRuntimeFile } from '../../gateway/runtime-file.ts';
import { findProgram } from '../support/find-program.ts';
import { until } from '../support/until.ts';

const root = join(import.meta.dirname, '../..');
const text = (path: string) => readFileSync(join(root, path), 'utf8');
const scripts = JSON.parse(text('package.json')).scripts;
/** How `npm run ntl` starts it; services must do the same. */
const NTL: string[] = scripts.ntl.split(' ');

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'ntl-packaging-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

it('each service starts the gateway as npm does', () => {
  const words = [...NTL.slice(1), 'serve'];
  const unit = text('packaging/systemd/notokenlimit.service');
  expect(/^ExecStart=\/usr\/bin\/node (.+)$/m.exec(unit)?.[1]?.split(' ')).toEqual(words);
  const plist = text('packaging/launchd/com.notokenlimit.gateway.plist');
  const [, list = ''] = /<key>ProgramArguments<\/key>\s*<array>(.*?)<\/array>/s.exec(plist) ?? [];
  expect([...list.matchAll(/<string>(.*?)<\/string>/g)].map(([, word]) => word).slice(1)).toEqual(words);
  const container = text('packaging/container/Containerfile');
  expect(JSON.parse(/^CMD (.+)$/m.exec(container)?.[1] ?? '[]')).toEqual(['node', ...words]);
});

it('the property list is well formed', () => {
  const open: string[] = [];
  const plist = text('packaging/launchd/com.notokenlimit.gateway.plist').replace(/<!--.*?-->/gs, '');
  for (const [, end, name = '', alone] of plist.matchAll(/<(\/?)([a-z]+)[^<>]*?(\/?)>/g)) {
    if (end) expect(open.pop()).toBe(name);
    else if (!alone) open.push(name);
  }
  expect(open).toEqual([]);
  // In a dictionary each key has one value.
  expect(plist.match(/<\/key>\s*<(string|integer|true|false|array|dict)/g)).toHaveLength(
    (plist.match(/<key>/g) ?? []).length,
  );
});

const analyze = findProgram('systemd-analyze');
it.skipIf(analyze === undefined)('systemd takes the unit, and finds little that is exposed', () => {
  const unit = text('packaging/systemd/notokenlimit.service')
    .replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`)
    .replace(/^(User|Group|WorkingDirectory|Documentation)=.*\n/gm, '');
  const file = join(folder(), 'notokenlimit.service');
  writeFileSync(file, unit);
  const verified = execFileSync(analyze as string, ['verify', '--man=no', file], {
    encoding: 'utf8',
    stdio: 'pipe',
  });
  expect(verified).not.toMatch(/notokenlimit\.service/);
  const exposure = execFileSync(analyze as string, ['security', '--offline=yes', '--no-pager', file], {
    encoding: 'utf8',
  });
  expect(Number(/exposure level for .*: ([\d.]+)/.exec(exposure)?.[1])).toBeLessThan(3);
});

it('what the container copies is enough to serve', async () => {
  const container =
    text('packaging/container/Containerfile')
      .split(/^FROM /m)
      .at(-1) ?? '';
  const dir = folder();
  for (const [, from = '', paths = ''] of container.matchAll(/^COPY (--from=\S+ )?(.+)$/gm)) {
    // What a stage before has built is no matter here.
    if (from === '')
      for (const path of paths.split(' ').slice(0, -1))
        cpSync(join(root, path), join(dir, path), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'));
  const data = join(folder(), 'data');
  const set = Object.fromEntries(
    [...container.matchAll(/(NTL_\w+)=(\S+)/g)].map(([, name, value]) => [name, value]),
  );
  expect(set).toMatchObject({ NTL_HOST: '0.0.0.0', NTL_VAULT: 'file' });
  const [program = '', ...args] = JSON.parse(/^CMD (.+)$/m.exec(container)?.[1] ?? '[]');
  const child = spawn(program === 'node' ? process.execPath : program, args, {
    cwd: dir,
    env: { PATH: process.env.PATH, ...set, NTL_DATA_DIR: data, NTL_HOST: '127.0.0.1', NTL_PORT: '0' },
    stdio: 'ignore',
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  await until('its address', () => readRuntimeFile(data)?.url, 60_000);
  const health = await fetch(`${readRuntimeFile(data)?.url}/healthz`);
  expect(await health.json()).toEqual({ status: 'ok' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
}, 90_000);
