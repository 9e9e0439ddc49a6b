/** Puts agents into node_modules/.cache/agents, each in a folder of its own, once for each version. */
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join, resolve } from 'node:path';
import type { Agent } from './agent.ts';
import { run } from './process.ts';

const CACHE = resolve(import.meta.dirname, '../../node_modules/.cache/agents');
const INSTALL_TIMEOUT_MS = 300_000;

/**
 * @returns path of the agent's command
 * @throws Error with npm's last words
 */
export async function install(agent: Agent): Promise<string> {
  const folder = join(CACHE, `${agent.package.replace(/^@/, '').replace('/', '-')}-${agent.version}`);
  if (!existsSync(folder)) await installInto(folder, agent);
  return join(folder, 'node_modules/.bin', agent.bin);
}

/** Under another name until it is complete. */
async function installInto(folder: string, agent: Agent): Promise<void> {
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  // Some fetch nothing but link their program for this system in an install script.
  const manifest = { private: true, allowScripts: { [agent.package]: true } };
  await writeFile(join(unfinished, 'package.json'), JSON.stringify(manifest));
  const args = ['install', '--prefix', unfinished, '--no-package-lock', '--no-audit', '--no-fund'];
  const spec = `${agent.package}@${agent.version}`;
  const ended = await run('npm', [...args, spec], {
    cwd: unfinished,
    // npm's own program is started by the first Node.js there.
    env: { ...process.env, PATH: [dirname(process.execPath), process.env.PATH].join(delimiter) },
    timeoutMs: INSTALL_TIMEOUT_MS,
  });
  if (ended.code !== 0) throw new Error(`npm could not install ${spec}:\n${ended.output.slice(-2_000)}`);
  await rename(unfinished, folder);
}
