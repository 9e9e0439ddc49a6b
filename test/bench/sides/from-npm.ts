import { join } from 'node:path';
import envPaths from 'env-paths';
import { installFromNpm } from '../../support/npm-install.ts';
import { Skipped } from './side.ts';

/** Kept between runs, outside the project: what is compared is no dependency of it. */
const CACHE = envPaths('notokenlimit-bench', { suffix: '' }).cache;

/**
 * @returns folder of the installed package
 * @throws Skipped with npm's last words
 */
export async function fromNpm(name: string, version: string): Promise<string> {
  try {
    return join(await installFromNpm(CACHE, name, version), 'node_modules', name);
  } catch (error) {
    throw new Skipped((error as Error).message);
  }
}
