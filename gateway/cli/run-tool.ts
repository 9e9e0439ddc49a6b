import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { KEY_PLACEHOLDER } from '../connect/recipe.ts';
import { detect } from '../connect/setup/detect.ts';
import { thisMachine } from '../connect/setup/machine.ts';
import { SETUPS } from '../connect/setup/setups.ts';
import { RUN_FOLDER, type Start } from '../connect/setup/tool-setup.ts';
import { connectKeys } from './connect-keys.ts';
import { findRecipe, type PlaceOptions, placeOf, setupOf } from './connect-tool.ts';
import { CliError, usageError } from './failures.ts';
import { folderOfCall } from './folder-of-call.ts';
import type { Terminal } from './terminal.ts';

/** A key that a killed `ntl` could not revoke ends by itself. */
const KEY_HOURS = 24;

const PASSED_ON: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP'];
/** The terminal sends these to the tool as well: whether to end is for the tool to say. */
const WAITED_FOR: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT'];

/** `ntl run claude -- …`: starts a tool with what points it here, and writes nothing. */
export async function runTool(
  terminal: Terminal,
  tool: string,
  args: readonly string[],
  options: PlaceOptions,
): Promise<void> {
  const setup = setupOf(terminal, tool);
  const machine = thisMachine();
  const recipe = await findRecipe(terminal, tool, options);
  const start = setup.start?.(placeOf(recipe));
  if (start === undefined) {
    const able = SETUPS.filter((one) => one.start !== undefined).map(({ id }) => id);
    throw usageError(`${recipe.label} cannot be started in this way. These can: ${able.join(', ')}.`);
  }
  const [program, ...words] = start.command === null ? args : [start.command, ...(start.args ?? []), ...args];
  if (program === undefined)
    throw usageError(`Name the program: ${terminal.commandLine(`run ${tool} -- python app.py`)}`);
  const command = isAbsolute(program) ? program : detect(machine, { commands: [program] }).command;
  if (command === null) throw new CliError(`${program} is not installed, or not on the PATH.`);
  const keys = connectKeys(terminal, new Date(Date.now() + KEY_HOURS * 3_600_000).toISOString());
  const { id, key } = await keys.make(`${setup.id}, one run`);
  const folder = start.files === undefined ? null : mkdtempSync(join(tmpdir(), 'ntl-run-'));
  const filled = (text: string) => text.replaceAll(KEY_PLACEHOLDER, key).replaceAll(RUN_FOLDER, folder ?? '');
  try {
    for (const [name, text] of Object.entries(start.files ?? {}))
      writeFileSync(join(folder as string, name), filled(text), { mode: 0o600 });
    process.exitCode = await ended(command, words.map(filled), environmentOf(start, filled));
  } finally {
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
    // The gateway may have ended meanwhile; the key then ends by its own time.
    await keys.revoke(id).catch(() => undefined);
  }
}

/** The tool's own, without what is the gateway's alone. */
function environmentOf({ env }: Start, filled: (text: string) => string): NodeJS.ProcessEnv {
  const { NTL_VAULT_PASSPHRASE: _, ...others } = process.env;
  const told = Object.entries(env).map(([name, value]) => [name, filled(value)]);
  return { ...others, ...Object.fromEntries(told) };
}

/** @returns the exit code; as shells tell it where a signal ended the program */
function ended(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  // Windows starts what npm installs, a .cmd, by its shell alone.
  const shell = /\.(cmd|bat)$/i.test(command);
  const child = spawn(shell ? `"${command}"` : command, shell ? args.map(forCmd) : args, {
    ...{ env, cwd: folderOfCall(env), stdio: 'inherit', shell },
  });
  const pass = (signal: NodeJS.Signals) => child.kill(signal);
  const wait = () => undefined;
  for (const signal of PASSED_ON) process.on(signal, pass);
  for (const signal of WAITED_FOR) process.on(signal, wait);
  return new Promise((resolve, reject) => {
    child.on('error', (error) =>
      reject(new CliError(`${command} could not be started (${(error as NodeJS.ErrnoException).code}).`)),
    );
    child.on('close', (code, signal) =>
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    );
  });
}

/** A word for cmd.exe and the program it starts. */
function forCmd(word: string): string {
  return `"${word.replaceAll('"', '""')}"`;
}
