import type { FastifyRequest } from 'fastify';
import type { Provider } from '../../providers/providers.ts';
import type { NewProvider } from './contract.ts';
import { noteChange } from './owner-change.ts';
import type { AdminParts } from './parts.ts';
import { storeSecrets } from './provider-secrets.ts';
import {
  baseUrlOf,
  certificatesOf,
  credentialNote,
  credentialOf,
  headersOf,
  notedSettings,
  proxyOf,
} from './provider-settings.ts';

/**
 * Adds a provider, its secrets in the vault, and notes it. What fails leaves nothing behind.
 * @throws GatewayError for settings that are not right, VaultError
 */
export async function createProvider(
  parts: AdminParts,
  request: FastifyRequest,
  wanted: NewProvider,
): Promise<Provider> {
  const { providers, vault, clock } = parts;
  const { name, kind, enabled = true, priority = 0, importedFrom, ...rest } = wanted;
  const credential = credentialOf(kind, rest.credential);
  const { proxy, secret } = proxyOf(rest.proxy ?? null);
  const provider = providers.create({
    ...{ name, kind, enabled, priority, proxy },
    baseUrl: baseUrlOf(kind, rest.baseUrl ?? null),
    headers: headersOf(rest.headers ?? {}),
    ca: certificatesOf(rest.ca ?? null),
    credentialStored: credential != null,
    createdAt: clock.wall(),
  });
  try {
    await storeSecrets(vault, provider.id, {
      credential: credential ?? undefined,
      proxy: secret ?? undefined,
    });
  } catch (error) {
    providers.remove(provider.id, clock.wall());
    throw error;
  }
  noteChange(parts, request, {
    action: 'provider.create',
    subject: `provider:${provider.id}`,
    after: {
      ...notedSettings(provider),
      ...credentialNote(credential ?? undefined),
      ...(importedFrom === undefined ? {} : { importedFrom }),
    },
  });
  return provider;
}
