import { listPrice } from '../../catalogue/list-price.ts';
import { upstreamFacts } from '../../catalogue/model-facts.ts';
import { PROVIDERS } from '../../providers/catalogue.ts';
import type { HttpProvider } from '../../providers/http-upstream.ts';
import type { ListedModel } from '../../providers/model-list.ts';
import type { ProviderKind } from '../../providers/provider-kinds.ts';
import { credentialAccount, type Provider, proxyAccount } from '../../providers/providers.ts';
import type { ProviderTrial, TrialProvider, UpstreamModel } from './contract.ts';
import { factsShape } from './model-facts.ts';
import type { AdminParts } from './parts.ts';
import { baseUrlOf, certificatesOf, credentialOf, headersOf, proxyOf } from './provider-settings.ts';
import { testProvider } from './provider-test.ts';

type TrialParts = Pick<AdminParts, 'upstreams' | 'vault'>;

/**
 * Calls a provider as it would be with these settings. Nothing is stored, neither settings nor what it lists.
 * @param saved the provider whose settings, and credential, hold where the trial says nothing
 * @throws GatewayError for settings that could not be saved either
 */
export async function tryProvider(
  { upstreams, vault }: TrialParts,
  settings: Omit<TrialProvider, 'id'>,
  saved: Provider | undefined,
  signal: AbortSignal,
): Promise<ProviderTrial> {
  const { kind } = settings;
  const { proxyGiven, ...provider } = settingsOf(settings, saved);
  const given = credentialOf(kind, settings.credential);
  /** @throws VaultError */
  async function credential(): Promise<string | null> {
    if (given !== undefined) return given;
    return saved?.credentialStored ? vault.get(credentialAccount(saved.id)) : null;
  }
  /** A saved proxy's password is in the vault. @throws VaultError */
  async function proxy(): Promise<string | null> {
    const isSaved = saved !== undefined && saved.proxy !== null && provider.proxy === saved.proxy;
    if (proxyGiven !== null || !isSaved) return proxyGiven ?? provider.proxy;
    return (await vault.get(proxyAccount(saved.id))) ?? saved.proxy;
  }
  const { test, found } = await testProvider({
    list: async () => upstreams.modelsOf({ ...provider, proxy: await proxy() }, await credential(), signal),
    signal,
    hasCredential: async () => (await credential()) !== null,
  });
  return { ...test, found: found.map((model) => shape(kind, model)) };
}

/** `proxyGiven` is a whole URL with a password in it; null where none was given. */
function settingsOf(
  { kind, name, baseUrl, headers, proxy, ca }: Omit<TrialProvider, 'id'>,
  saved: Provider | undefined,
): HttpProvider & { proxyGiven: string | null } {
  const asked = proxyOf(proxy === undefined ? (saved?.proxy ?? null) : proxy);
  return {
    kind,
    name: name ?? saved?.name ?? PROVIDERS[kind].label,
    baseUrl: baseUrlOf(kind, baseUrl === undefined ? (saved?.baseUrl ?? null) : baseUrl),
    headers: headers === undefined ? (saved?.headers ?? {}) : headersOf(headers),
    proxy: asked.proxy,
    proxyGiven: asked.secret,
    ca: ca === undefined ? (saved?.ca ?? null) : certificatesOf(ca),
  };
}

function shape(kind: ProviderKind, { id, facts }: ListedModel): UpstreamModel {
  const told = upstreamFacts({ id: 0, kind }, id, { of: () => facts });
  return { id, facts: factsShape(told), listPrice: listPrice(kind, id) };
}
