import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { environmentForTools } from './tool-environment.ts';

/** What a build makes, and of what. Paths are relative to the project. */
interface Target {
  mode: 'panel' | 'desktop';
  /** Written last by the build. */
  result: string;
  sources: readonly string[];
}

const SHARED = ['vite.config.ts', 'package.json'];

export const PANEL: Target = {
  mode: 'panel',
  result: 'dist/panel/index.html',
  sources: ['renderer', 'gateway/doors/admin', ...SHARED],
};

export const DESKTOP: Target = {
  mode: 'desktop',
  result: 'dist/electron/main.js',
  sources: ['electron', 'gateway', ...SHARED],
};

/**
 * Builds a target that is missing or older than one of its sources. Vite runs in a process of its own:
 * what it takes of memory is gone when the gateway starts.
 * @param root the project's folder
 * @returns whether the result is there and up to date
 */
export async function buildIfStale(root: string, target: Target): Promise<boolean> {
  if (isFresh(root, target)) return true;
  const vite = viteProgram();
  if (vite === null) return false;
  const args = [vite, 'build', '--mode', target.mode, '--logLevel', 'error'];
  // Whatever the surrounding shell is set to, what is built is what ships.
  const env = { ...environmentForTools(), NODE_ENV: 'production' };
  const [code] = await once(spawn(process.execPath, args, { cwd: root, env, stdio: 'inherit' }), 'exit');
  return code === 0;
}

/** @returns null where it was installed without development dependencies */
function viteProgram(): string | null {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin', 'vite.js');
  } catch {
    return null;
  }
}

function isFresh(root: string, target: Target): boolean {
  const built = changedAt(join(root, target.result));
  return built !== 0 && sourcesChangedAt(root, target) <= built;
}

/** Time of the last change in what a target is made of, ms since 1970. */
export function sourcesChangedAt(root: string, { sources }: Target): number {
  return Math.max(...sources.map((source) => newest(join(root, source))));
}

/** Time of the last change in a file or below a folder, ms since 1970; 0 for nothing there. */
function newest(path: string): number {
  const own = changedAt(path);
  if (own === 0 || !statSync(path).isDirectory()) return own;
  return Math.max(own, ...readdirSync(path).map((entry) => newest(join(path, entry))));
}

function changedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
