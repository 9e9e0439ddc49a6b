import { mkdirSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import envPaths from 'env-paths';

/**
 * Keeps compiled code in the user's cache folder, so that the next start need not compile it again: two thirds of
 * the time to the first answer (https://nodejs.org/api/module.html#module-compile-cache). To be called before the
 * code is loaded. Node's own place for it is the folder for temporary files, which others can write to.
 * `NODE_COMPILE_CACHE` chooses another folder, `NODE_DISABLE_COMPILE_CACHE=1` turns it off.
 *
 * What comes before it is JavaScript, this file included: the first TypeScript that is not in the cache loads Node's
 * stripper of types, a tenth of a second and 30 MB of memory for as long as the process lives.
 */
export function keepCompiledCode() {
  const folder = envPaths('notokenlimit-desktop', { suffix: '' }).cache;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch {
    // A home that cannot be written to: every start compiles.
    return;
  }
  enableCompileCache(folder);
}
