import { credentialAccount, proxyAccount } from '../../providers/providers.ts';
import { type Vault, VaultError } from '../../vault/vault.ts';

/** What of a provider is kept in the vault. Left out: as it is; null: nothing. */
export interface ProviderSecrets {
  credential?: string | null | undefined;
  /** The proxy's whole URL, where it has a user and a password. */
  proxy?: string | null | undefined;
}

/** @returns null while the vault is out of reach */
export async function hasCredential(vault: Vault, providerId: number): Promise<boolean | null> {
  try {
    return (await vault.get(credentialAccount(providerId))) !== null;
  } catch (error) {
    if (error instanceof VaultError) return null;
    throw error;
  }
}

/**
 * Stores what is given, all of it or nothing.
 * @returns puts back what was there before
 * @throws VaultError
 */
export async function storeSecrets(
  vault: Vault,
  providerId: number,
  secrets: ProviderSecrets,
): Promise<() => Promise<void>> {
  const wanted = [
    { account: credentialAccount(providerId), secret: secrets.credential },
    { account: proxyAccount(providerId), secret: secrets.proxy },
  ];
  const before: { account: string; secret: string | null }[] = [];
  const undo = async () => {
    for (const { account, secret } of before) await write(vault, account, secret);
  };
  try {
    for (const { account, secret } of wanted) {
      if (secret === undefined) continue;
      before.push({ account, secret: await vault.get(account) });
      await write(vault, account, secret);
    }
  } catch (error) {
    // The vault that just failed may fail again; the first error is the one to tell.
    await undo().catch(() => undefined);
    throw error;
  }
  return undo;
}

/** @throws VaultError; the secrets that are left then can be removed by a second try */
export async function removeSecrets(vault: Vault, providerId: number): Promise<void> {
  await vault.delete(proxyAccount(providerId));
  await vault.delete(credentialAccount(providerId));
}

async function write(vault: Vault, account: string, secret: string | null): Promise<void> {
  if (secret === null) await vault.delete(account);
  else await vault.set(account, secret);
}
