import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { builtDesktop } from './built-desktop.ts';

const root = join(import.meta.dirname, '../../..');

export interface PackedDesktop {
  /** What electron-builder made of Electron's program. */
  program: string;
  /** What @electron/fuses takes for the app. */
  app: string;
  resources: string;
}

/**
 * Packs the app for this system as electron-builder.yml says, up to the folder that installers are made of.
 * The build comes from the tests' own, so that nobody's dist/ is in the way.
 * @param folder an empty one, to work in
 * @param electron a folder with an unpacked Electron
 */
export async function packDesktop(folder: string, electron: string): Promise<PackedDesktop> {
  const dist = join(folder, 'dist');
  const out = join(folder, 'out');
  cpSync(await builtDesktop(), dist, { recursive: true, dereference: true });
  const config = join(folder, 'electron-builder.yml');
  writeFileSync(config, withDist(readFileSync(join(root, 'electron-builder.yml'), 'utf8'), dist));
  await electronBuilder(['--config', config, `-c.electronDist=${electron}`, `-c.directories.output=${out}`]);
  return placesIn(out);
}

/** @returns the settings, with another folder in the place of `dist` */
function withDist(settings: string, dist: string): string {
  const place = JSON.stringify(dist);
  return settings
    .replace(
      '  - dist/**\n',
      `  - { from: ${place}, to: dist, filter: ["**/*", "!icons/**", "!package.json"] }\n`,
    )
    .replaceAll(/icon: dist\/(.*)/g, (_all, path) => `icon: ${JSON.stringify(join(dist, path))}`);
}

async function electronBuilder(settings: string[]): Promise<void> {
  const home = dirname(createRequire(import.meta.url).resolve('electron-builder/package.json'));
  const system =
    { linux: '--linux', darwin: '--mac', win32: '--win' }[process.platform as string] ?? '--linux';
  const args = [
    join(home, 'cli.js'),
    system,
    '--dir',
    `--${process.arch}`,
    '--projectDir',
    root,
    ...settings,
  ];
  const env = { ...process.env, CSC_IDENTITY_AUTO_DISCOVERY: 'false' };
  const builder = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [builder.stdout, builder.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
  }
  const [code] = await once(builder, 'close');
  if (code !== 0) throw new Error(`electron-builder ended with ${code}:\n${said}`);
}

function placesIn(out: string): PackedDesktop {
  const suffix = process.arch === 'x64' ? '' : `-${process.arch}`;
  if (process.platform === 'darwin') {
    const app = join(out, `mac${suffix}`, 'NoTokenLimit Desktop.app');
    const contents = join(app, 'Contents');
    return {
      app,
      program: join(contents, 'MacOS/NoTokenLimit Desktop'),
      resources: join(contents, 'Resources'),
    };
  }
  const windows = process.platform === 'win32';
  const folder = join(out, `${windows ? 'win' : 'linux'}${suffix}-unpacked`);
  const program = join(folder, windows ? 'NoTokenLimit Desktop.exe' : 'notokenlimit-desktop');
  return { app: program, program, resources: join(folder, 'resources') };
}
