import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from './atomic-file.ts';
import { VaultError } from './vault.ts';

const VaultChoice = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('keychain'), scope: z.string().min(1) }),
  z.object({ kind: z.literal('file') }),
]);

/** Which kind of vault a data folder uses; for the keychain also the prefix of its entries there. */
export type VaultChoice = z.infer<typeof VaultChoice>;

/**
 * @returns what `<dataDir>/vault-kind.json` says, undefined before the first start
 * @throws VaultError `damaged`: guessing could hide the credentials stored so far
 */
export async function readVaultChoice(dataDir: string): Promise<VaultChoice | undefined> {
  try {
    return VaultChoice.parse(JSON.parse(await readFile(choicePath(dataDir), 'utf8')));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new VaultError(
      'damaged',
      'vault-kind.json does not say where the provider credentials are. Restore it from a backup, or delete it to choose anew.',
      { cause },
    );
  }
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
