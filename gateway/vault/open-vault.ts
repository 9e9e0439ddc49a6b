import { encryptedFileExists, openEncryptedFile } from './encrypted-file.ts';
import { KeychainVault } from './keychain.ts';
import type { KeychainCalls } from './keychain-calls.ts';
import { type Vault, VaultError, type VaultLog } from './vault.ts';
import { readVaultChoice, scopeOf, type VaultChoice, writeVaultChoice } from './vault-choice.ts';

export interface OpenVaultOptions {
  dataDir: string;
  /** NTL_VAULT_PASSPHRASE. Empty counts as not given. */
  passphrase?: string | undefined;
  /** `auto` unless given: what the folder used before, else the keychain where it works, else a file. */
  prefer?: 'keychain' | 'file' | 'auto' | undefined;
  /** Keeps this folder's keychain entries apart from another's. Made from the folder's path unless given. */
  scope?: string | undefined;
  log?: VaultLog | undefined;
  /** How long one keychain call may take, in milliseconds. 20 s unless given. */
  keychainTimeoutMs?: number | undefined;
  /** Where keytar runs, for a shell with a helper process of its own. */
  keychainCalls?: KeychainCalls | undefined;
}

/**
 * Opens the vault of a data folder. The kind once chosen stays: credentials in a keychain that is
 * locked or missing today are out of reach, not gone, so the vault then throws VaultError call by
 * call until the keychain is back, and never turns to an empty file.
 * @throws VaultError when the data folder cannot say or keep which kind it uses
 */
export async function openVault(options: OpenVaultOptions): Promise<Vault> {
  const { dataDir, log, prefer = 'auto' } = options;
  const earlier = await readVaultChoice(dataDir);
  if (prefer !== 'auto' && earlier !== undefined && earlier.kind !== prefer) {
    log?.warn(
      `Provider credentials stored so far stay in the ${earlier.kind}; enter them again to use them here.`,
    );
  }

  const kind = prefer === 'auto' ? usedBefore(dataDir, earlier) : prefer;
  const vault =
    kind === 'file' ? await openFile(options) : await openKeychain(options, earlier, kind !== undefined);
  log?.info(vault.protection);
  return vault;
}

function usedBefore(dataDir: string, earlier: VaultChoice | undefined): VaultChoice['kind'] | undefined {
  if (earlier?.kind === 'keychain') return 'keychain';
  // A file vault that holds nothing yet binds nobody: a keychain set up since is better.
  return encryptedFileExists(dataDir) ? 'file' : undefined;
}

/** @param settled the keychain is to be used whether or not it answers now */
async function openKeychain(
  options: OpenVaultOptions,
  earlier: VaultChoice | undefined,
  settled: boolean,
): Promise<Vault> {
  const { dataDir, log } = options;
  const earlierScope = earlier?.kind === 'keychain' ? earlier.scope : undefined;
  const scope = options.scope ?? earlierScope ?? scopeOf(dataDir);
  const vault = new KeychainVault({
    scope,
    timeoutMs: options.keychainTimeoutMs,
    calls: options.keychainCalls,
  });
  // Known already: asking now could show a prompt at each start, before anybody needs a credential.
  if (earlierScope === scope) return vault;

  try {
    await vault.probe();
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    if (!settled) {
      log?.info(`No keychain to use, so provider credentials go to a file. ${error.message}`);
      return openFile(options);
    }
    log?.warn(error.message);
  }
  await remember(dataDir, { kind: 'keychain', scope });
  return vault;
}

async function openFile({ dataDir, passphrase, log }: OpenVaultOptions): Promise<Vault> {
  await remember(dataDir, { kind: 'file' });
  return openEncryptedFile({ dataDir, passphrase: passphrase || undefined, log });
}

async function remember(dataDir: string, choice: VaultChoice): Promise<void> {
  try {
    await writeVaultChoice(dataDir, choice);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new VaultError('unavailable', `The data folder cannot be written (${code}).`, { cause });
  }
}
