import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_HOST } from '../gateway.ts';
import { LOG_LEVELS, type LogLevel } from '../log.ts';
import { usageError } from './failures.ts';
import { dataDirOf } from './terminal.ts';

const VAULT_CHOICES = ['auto', 'keychain', 'file'] as const;

export interface ServeFlags {
  dataDir?: string | undefined;
  host?: string | undefined;
  port?: string | number | undefined;
}

export interface ServeOptions {
  dataDir: string;
  host: string;
  /** What the owner chose in the panel counts where neither a flag nor a variable says otherwise. */
  port: number | undefined;
  logLevel: LogLevel;
  vault: (typeof VAULT_CHOICES)[number];
  vaultPassphrase: string | undefined;
  /** Folder of the built panel; null where it was not built. */
  panelDir: string | null;
}

/**
 * Flags first, then NTL_DATA_DIR, NTL_HOST, NTL_PORT, NTL_LOG_LEVEL, NTL_VAULT and NTL_VAULT_PASSPHRASE, which
 * is taken out of the environment so that no child process inherits it. Empty variables count as unset.
 * @throws CliError with the usage exit code, naming the flag or the variable
 */
export function readServeOptions(
  flags: ServeFlags,
  environment: NodeJS.ProcessEnv = process.env,
): ServeOptions {
  const { NTL_HOST, NTL_PORT, NTL_LOG_LEVEL, NTL_VAULT, NTL_VAULT_PASSPHRASE } = environment;
  delete environment.NTL_VAULT_PASSPHRASE;
  return {
    dataDir: dataDirOf(flags.dataDir, environment),
    host: flags.host || NTL_HOST || DEFAULT_HOST,
    port: flags.port === undefined ? portOf('NTL_PORT', NTL_PORT) : portOf('--port', String(flags.port)),
    logLevel: oneOf('NTL_LOG_LEVEL', NTL_LOG_LEVEL, LOG_LEVELS, 'info'),
    vault: oneOf('NTL_VAULT', NTL_VAULT, VAULT_CHOICES, 'auto'),
    vaultPassphrase: NTL_VAULT_PASSPHRASE || undefined,
    panelDir: builtPanel(),
  };
}

function portOf(from: string, text: string | undefined): number | undefined {
  if (text === undefined || (text === '' && from === 'NTL_PORT')) return undefined;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw usageError(`${from} is "${text}"; give a port from 0 to 65535, 0 for a free one.`);
}

function oneOf<Choice extends string>(
  from: string,
  text: string | undefined,
  choices: readonly Choice[],
  usual: Choice,
): Choice {
  if (text === undefined || text === '') return usual;
  const choice = choices.find((candidate) => candidate === text);
  if (choice === undefined) throw usageError(`${from} is "${text}"; give ${choices.join(', ')}.`);
  return choice;
}

function builtPanel(): string | null {
  const dir = join(import.meta.dirname, '../../dist/panel');
  return existsSync(join(dir, 'index.html')) ? dir : null;
}
