import { existsSync, globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { extractAll, listPackage } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type RunningDesktop, startOnStandIn, startProgram } from '../support/electron-host/desktop.ts';
import { makeElectron } from '../support/electron-host/made-electron.ts';
import { type PackedDesktop, packDesktop } from '../support/electron-host/packed-desktop.ts';
import { dataFolder, ELECTRON, started } from './start-app.ts';

const PACKING_MS = 240_000;

const readJson = (name: string) => JSON.parse(readFileSync(join(import.meta.dirname, '../..', name), 'utf8'));
const packageJson = readJson('package.json');
/** Marks what is for development alone. */
const lock: Record<string, { dev?: true }> = readJson('package-lock.json').packages;

// A made Electron is one for Linux.
describe.skipIf(ELECTRON === null && process.platform !== 'linux')('the packed app', () => {
  let folder: string;
  let packed: PackedDesktop;
  /** In its archive, with slashes. */
  let files: string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ntl-packed-'));
    packed = await packDesktop(folder, electronFolder());
    const archive = join(packed.resources, 'app.asar');
    files = listPackage(archive, { isPack: false }).map((path) => path.replaceAll('\\', '/'));
  }, PACKING_MS);
  afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

  /** Real where the tests run on the real one. */
  function electronFolder(): string {
    if (ELECTRON === null) return makeElectron(join(folder, 'electron'));
    const dist = dirname(ELECTRON);
    return process.platform === 'darwin' ? join(dist, '../../..') : dist;
  }

  const names = (below: string) =>
    new Set(
      files.flatMap((path) => (path.startsWith(below) ? path.slice(below.length).split('/')[0] : []) || []),
    );

  test('holds what was built and the dependencies it runs with, and nothing else of the project', () => {
    expect(names('/')).toEqual(new Set(['dist', 'node_modules', 'package.json']));
    expect(names('/dist/')).toEqual(new Set(['electron', 'gateway', 'package.js', 'panel']));
    for (const file of ['electron/main.js', 'electron/assets/icon.png', 'panel/index.html']) {
      expect(files).toContain(`/dist/${file}`);
    }
    expect(
      files.filter((path) => /^\/dist\/gateway\/store\/migrations\/\d{3}-.*\.sql$/.test(path)),
    ).not.toEqual([]);
    for (const name of Object.keys(packageJson.dependencies))
      expect(files).toContain(`/node_modules/${name}`);
    const unneeded = Object.keys(packageJson.devDependencies).filter(
      (name) =>
        !Object.entries(lock).some(([path, { dev }]) => path.endsWith(`node_modules/${name}`) && !dev),
    );
    expect(unneeded.filter((name) => files.includes(`/node_modules/${name}`))).toEqual([]);
    expect(files.filter((path) => /\.(map|[cm]?ts|tsx|md)$/.test(path))).toEqual([]);
  });

  test('has the native modules of this system alone, outside the archive', () => {
    const unpacked = join(packed.resources, 'app.asar.unpacked');
    const found = globSync('**/*.node', { cwd: unpacked }).map((path) => path.replaceAll('\\', '/'));
    const here = `${process.platform}-${process.arch}`;
    expect(found.sort()).toEqual([
      `node_modules/better-sqlite3/prebuilds/${here}.node`,
      `node_modules/keytar/prebuilds/${here}/keytar.node`,
    ]);
    expect(files.filter((path) => path.endsWith('.node'))).toHaveLength(found.length);
  });

  test('has its fuses set: no plain Node, no debugging from outside, nothing but the archive', async () => {
    const wire = await getCurrentFuseWire(packed.app);
    const on = [FuseV1Options.EnableEmbeddedAsarIntegrityValidation, FuseV1Options.OnlyLoadAppFromAsar];
    const off = [
      FuseV1Options.RunAsNode,
      FuseV1Options.EnableCookieEncryption,
      FuseV1Options.EnableNodeOptionsEnvironmentVariable,
      FuseV1Options.EnableNodeCliInspectArguments,
      FuseV1Options.GrantFileProtocolExtraPrivileges,
    ];
    expect(on.map((fuse) => wire[fuse])).toEqual(on.map(() => FuseState.ENABLE));
    expect(off.map((fuse) => wire[fuse])).toEqual(off.map(() => FuseState.DISABLE));
  });

  test('names no address for updates that nobody has given', () => {
    expect(existsSync(join(packed.resources, 'app-update.yml'))).toBe(false);
  });

  test('starts, shows the panel, knows that it cannot look for updates, and quits', {
    timeout: 90_000,
  }, async () => {
    const dataDir = await dataFolder();
    const { gateway, admin, desktop } = started(await startPackedApp(dataDir), dataDir);
    const { url } = await gateway();
    const page = await desktop.page();
    await page.getByText(url.replace('http://', '')).first().waitFor();
    expect(await admin('GET', '/desktop')).toMatchObject({
      available: true,
      update: { state: 'unsupported' },
    });
    await admin('POST', '/desktop/quit');
    expect(await desktop.exited).toBe(0);
    // Chromium says much that concerns nobody.
    if (ELECTRON === null) expect(desktop.said()).toBe('');
  });

  /** Node reads no archives: for the stand-in it is unpacked, away from the project's own modules. */
  async function startPackedApp(dataDir: string): Promise<RunningDesktop> {
    if (ELECTRON !== null) return startProgram(packed.program, [], dataDir);
    const root = await mkdtemp(join(tmpdir(), 'ntl-unpacked-'));
    onTestFinished(() => rm(root, { recursive: true, force: true }));
    extractAll(join(packed.resources, 'app.asar'), root);
    const standIn = { isPackaged: true, resources: packed.resources };
    return startOnStandIn({ root, main: join(root, 'dist/electron/main.js'), dataDir, standIn });
  }
});
