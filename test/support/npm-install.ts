import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';

const INSTALL_TIMEOUT_MS = 300_000;

/**
 * Puts a package of npm into a folder of its own below `cache`, once for each version.
 * @returns that folder; the package is in its node_modules
 * @throws Error with npm's last words
 */
export async function installFromNpm(cache: string, name: string, version: string): Promise<string> {
  const folder = join(cache, `${name.replace(/^@/, '').replace('/', '-')}-${version}`);
  if (!existsSync(folder)) await installInto(folder, name, version);
  return folder;
}

/** Under another name until it is complete. */
async function installInto(folder: string, name: string, version: string): Promise<void> {
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  // Some fetch nothing but link their program for this system in an install script.
  const manifest = { private: true, allowScripts: { [name]: true } };
  await writeFile(join(unfinished, 'package.json'), JSON.stringify(manifest));
  const args = ['install', '--prefix', unfinished, '--no-package-lock', '--no-audit', '--no-fund'];
  try {
    await promisify(execFile)('npm', [...args, `${name}@${version}`], {
      cwd: unfinished,
      // npm's own program is started by the first Node.js there.
      env: { ...process.env, PATH: [dirname(process.execPath), process.env.PATH].join(delimiter) },
      timeout: INSTALL_TIMEOUT_MS,
    });
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
    const words = `${stdout}${stderr}`.slice(-2_000) || message;
    throw new Error(`npm could not install ${name}@${version}:\n${words}`);
  }
  await rename(unfinished, folder);
}
