import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { writeFileAtomic } from './atomic-file.ts';
import { VaultError } from './vault.ts';

/** Which kind of vault a data folder uses; for the keychain also the prefix of its entries there. */
export type VaultChoice = { kind: 'keychain'; scope: string } | { kind: 'file' };

/**
 * @returns what `<dataDir>/vault-kind.json` says, undefined before the first start
 * @throws VaultError `damaged`: guessing could hide the credentials stored so far
 */
export async function readVaultChoice(dataDir: string): Promise<VaultChoice | undefined> {
  try {
    return choiceOf(JSON.parse(await readFile(choicePath(dataDir), 'utf8')));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new VaultError(
      'damaged',
      'vault-kind.json does not say where the provider credentials are. Restore it from a backup, or delete it to choose anew.',
      { cause },
    );
  }
}

/** Checked by hand, as vault.json is: the library for it would be a tenth of an idle gateway's memory. */
function choiceOf(value: unknown): VaultChoice {
  const { kind, scope } = value as Record<string, unknown>;
  if (kind === 'file') return { kind };
  if (kind === 'keychain' && typeof scope === 'string' && scope !== '') return { kind, scope };
  throw new TypeError('The kind of vault is not known.');
}

export async function writeVaultChoice(dataDir: string, choice: VaultChoice): Promise<void> {
  await writeFileAtomic(choicePath(dataDir), `${JSON.stringify(choice)}\n`);
}

/** @returns a name for a data folder that stays while the folder stays where it is */
export function scopeOf(dataDir: string): string {
  return createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 12);
}

function choicePath(dataDir: string): string {
  return join(dataDir, 'vault-kind.json');
}
