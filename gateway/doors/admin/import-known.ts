import type { Finding } from '../../imports/finding.ts';
import { placeOfAddress } from '../../imports/service.ts';
import { credentialAccount, type Provider } from '../../providers/providers.ts';
import type { AdminParts } from './parts.ts';

type Wanted = Pick<Finding, 'baseUrl' | 'credential'>;

/**
 * Finds the provider that has an address and a key, for one request: the vault is asked for those at the address alone,
 * once for each, and what it answers is compared and let go.
 * @returns a function that may throw VaultError
 */
export function knownProviders({ providers, vault }: Pick<AdminParts, 'providers' | 'vault'>) {
  const stored = new Map<number, Promise<string | null>>();
  function credentialOf({ id, credentialStored }: Provider): Promise<string | null> {
    const known = stored.get(id);
    if (known !== undefined) return known;
    const asked = credentialStored ? vault.get(credentialAccount(id)) : Promise.resolve(null);
    stored.set(id, asked);
    return asked;
  }
  return async ({ baseUrl, credential }: Wanted): Promise<Provider | null> => {
    const place = placeOfAddress(baseUrl);
    for (const provider of providers.list().filter((one) => placeOfAddress(one.baseUrl) === place))
      if ((await credentialOf(provider)) === credential) return provider;
    return null;
  };
}
