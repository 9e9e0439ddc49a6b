import type { Place } from '../connect/recipe.ts';
import { systemOf } from '../connect/setup/machine.ts';
import { SETUPS } from '../connect/setup/setups.ts';
import type { ToolSetup } from '../connect/setup/tool-setup.ts';
import type { ConnectRecipe } from '../doors/admin/contract.ts';
import { usageError } from './failures.ts';
import type { Terminal } from './terminal.ts';

export interface PlaceOptions {
  model?: string;
  smallModel?: string;
  address?: string;
}

/** @throws CliError that names the tools there are */
export function setupOf(terminal: Terminal, tool: string): ToolSetup {
  const setup = SETUPS.find(({ id }) => id === tool) ?? SETUPS.find(({ id }) => id === SHORT.get(tool));
  if (setup !== undefined) return setup;
  throw usageError(`There is no tool ${tool}. All of them: ${terminal.commandLine('connect')}`);
}

/** What people call them by, and their programs are called. */
const SHORT = new Map([
  ['claude', 'claude-code'],
  ['kilo', 'kilo-code'],
  ['qwen', 'qwen-code'],
  ['cn', 'continue'],
  ['roo', 'roo-code'],
]);

/** What the tool is to be told, as the gateway fills it in. */
export function findRecipe(terminal: Terminal, tool: string, options: PlaceOptions): Promise<ConnectRecipe> {
  const { model, smallModel, address } = options;
  return terminal.admin.get<ConnectRecipe>(`/connect/tools/${setupOf(terminal, tool).id}`, {
    model,
    smallModel,
    address,
  });
}

export function placeOf(recipe: ConnectRecipe): Place {
  const { address: origin, model, smallModel, contextWindow, maxOutputTokens, images, offered } = recipe;
  return {
    ...{ origin, system: systemOf(process.platform), model, smallModel },
    ...{ contextWindow, maxOutputTokens, images, offered },
  };
}
