/** Puts agents into node_modules/.cache/agents, each in a folder of its own, once for each version. */
import { join, resolve } from 'node:path';
import { installFromNpm } from '../support/npm-install.ts';
import type { Agent } from './agent.ts';

const CACHE = resolve(import.meta.dirname, '../../node_modules/.cache/agents');

/**
 * @returns path of the agent's command
 * @throws Error with npm's last words
 */
export async function install(agent: Agent): Promise<string> {
  return join(await installFromNpm(CACHE, agent.package, agent.version), 'node_modules/.bin', agent.bin);
}
