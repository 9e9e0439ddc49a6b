import { listPrice } from '../../catalogue/list-price.ts';
import { upstreamFacts } from '../../catalogue/model-facts.ts';
import { GatewayError } from '../../errors.ts';
import { PROVIDERS } from '../../providers/catalogue.ts';
import { ModelListError } from '../../providers/listing.ts';
import type { ListedModel } from '../../providers/model-list.ts';
import { PROVIDER_KINDS, type ProviderKind } from '../../providers/provider-kinds.ts';
import type { Provider as StoredProvider } from '../../providers/providers.ts';
import { UpstreamFailure } from '../../providers/upstream.ts';
import { hangUpSignal } from '../client-connection.ts';
import * as contract from './contract.ts';
import { notFound } from './errors.ts';
import { createdWithin, pageOfAll } from './lists.ts';
import { factsShape } from './model-facts.ts';
import { noteChange } from './owner-change.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { createProvider } from './provider-create.ts';
import { hasCredential, removeSecrets, storeSecrets } from './provider-secrets.ts';
import {
  baseUrlOf,
  certificatesOf,
  credentialNote,
  credentialOf,
  headersOf,
  notedSettings,
  proxyOf,
} from './provider-settings.ts';
import { ProviderStates } from './provider-states.ts';
import { testProvider } from './provider-test.ts';
import { tryProvider } from './provider-trial.ts';
import { answers, IdParams, NoContent } from './schemas.ts';
import { given, idOf, isoTime } from './values.ts';

/** Nobody waits longer for a list of models. */
const LISTING_MS = 30_000;

export function providerRoutes(app: AdminApp, parts: AdminParts): void {
  const { providers, vault, upstreams, clock } = parts;

  function find(id: string): StoredProvider {
    const provider = providers.get(idOf(id));
    if (provider === undefined) throw notFound('provider');
    return provider;
  }

  const states = new ProviderStates(parts);

  async function shape(provider: StoredProvider): Promise<contract.Provider> {
    const credential = await hasCredential(vault, provider.id);
    return {
      ...notedSettings(provider),
      hasCredential: credential,
      health: upstreams.healthOf(provider.id),
      state: states.of(provider, credential ?? undefined),
      models: states.modelCount(provider.id),
      createdAt: isoTime(provider.createdAt),
    };
  }

  app.get(
    '/provider-kinds',
    {
      schema: {
        summary: 'The kinds of providers there are',
        response: answers(contract.listOf(contract.ProviderKindFacts)),
      },
    },
    async () => pageOfAll(PROVIDER_KINDS.map(kindFacts), { pageSize: PROVIDER_KINDS.length }),
  );

  app.get(
    '/providers',
    {
      schema: {
        summary: 'All providers',
        querystring: contract.ListQuery,
        response: answers(contract.listOf(contract.Provider)),
      },
    },
    async ({ query }) => {
      const { data, pagination } = pageOfAll(createdWithin(providers.list(), query), query);
      return { data: await Promise.all(data.map(shape)), pagination };
    },
  );

  app.get(
    '/providers/:id',
    { schema: { summary: 'One provider', params: IdParams, response: answers(contract.Provider) } },
    async ({ params }) => shape(find(params.id)),
  );

  app.post(
    '/providers',
    {
      schema: {
        summary: 'Adds a provider; its credential goes to the vault',
        body: contract.NewProvider,
        response: answers(contract.Provider, 201),
      },
    },
    async (request, reply) => {
      const provider = await createProvider(parts, request, request.body);
      return reply.status(201).send(await shape(provider));
    },
  );

  app.patch(
    '/providers/:id',
    {
      schema: {
        summary: 'Changes a provider; what is left out stays',
        params: IdParams,
        body: contract.ProviderPatch,
        response: answers(contract.Provider),
      },
    },
    async (request) => {
      const before = find(request.params.id);
      const credential = credentialOf(request.body.kind ?? before.kind, request.body.credential);
      const { settings, proxySecret } = patchOf(request.body, before);
      const undo = await storeSecrets(vault, before.id, { credential, proxy: proxySecret });
      const provider = await updateOr(undo, () => providers.update(before.id, settings));
      upstreams.changed(provider.id);
      parts.alerts.providerWell(provider.id);
      if (provider.kind !== before.kind || provider.baseUrl !== before.baseUrl)
        parts.listed.forget(before.id);
      noteChange(parts, request, {
        action: 'provider.update',
        subject: `provider:${provider.id}`,
        before: notedSettings(before),
        after: { ...notedSettings(provider), ...credentialNote(credential) },
      });
      return shape(provider);
    },
  );

  app.delete(
    '/providers/:id',
    {
      schema: {
        summary: 'Removes a provider, its credential, and the targets that lead to it',
        params: IdParams,
        response: answers(NoContent, 204),
      },
    },
    async (request, reply) => {
      const { id } = find(request.params.id);
      await removeSecrets(vault, id);
      parts.models.dropProvider(id);
      const before = providers.remove(id, clock.wall());
      if (before === undefined) throw notFound('provider');
      upstreams.changed(id);
      parts.listed.forget(id);
      noteChange(parts, request, {
        action: 'provider.delete',
        subject: `provider:${id}`,
        before: notedSettings(before),
      });
      return reply.status(204).send();
    },
  );

  app.post(
    '/providers/:id/test',
    {
      schema: {
        summary: 'Calls the provider to see whether address and credential are right',
        params: IdParams,
        response: answers(contract.ProviderTest),
      },
    },
    async (request, reply) => {
      const { id } = find(request.params.id);
      const signal = listingSignal(reply.raw);
      const list = () => parts.upstreams.models(id, signal);
      return (await testProvider({ list, signal, hasCredential: () => hasCredential(vault, id) })).test;
    },
  );

  app.post(
    '/providers/test',
    {
      schema: {
        summary: 'Calls a provider with settings that are not saved, and lists its models; nothing is stored',
        body: contract.TrialProvider,
        response: answers(contract.ProviderTrial),
      },
    },
    async (request, reply) => {
      const { id, ...settings } = request.body;
      const saved = id === undefined ? undefined : find(id);
      return tryProvider(parts, settings, saved, listingSignal(reply.raw));
    },
  );

  app.get(
    '/providers/:id/models',
    {
      schema: {
        summary: 'The models the provider lists now',
        params: IdParams,
        querystring: contract.ListQuery,
        response: answers(contract.listOf(contract.UpstreamModel)),
      },
    },
    async (request, reply) => {
      const provider = find(request.params.id);
      const found = await upstreams.models(provider.id, listingSignal(reply.raw)).catch(asUpstreamError);
      const { pageSize = Math.max(1, found.length), ...query } = request.query;
      const { data, pagination } = pageOfAll(found, { ...query, pageSize });
      const shape = ({ id }: ListedModel) => ({
        id,
        facts: factsShape(upstreamFacts(provider, id, parts.listed)),
        listPrice: listPrice(provider.kind, id),
      });
      return { data: data.map(shape), pagination };
    },
  );
}

function kindFacts(id: ProviderKind): contract.ProviderKindFacts {
  const { label, baseUrl, exampleUrl = null, local, credential, helpUrl, protocols, native } = PROVIDERS[id];
  const families = new Set(
    Object.keys(protocols).map((name) => (name.startsWith('openai') ? 'openai' : 'anthropic')),
  );
  const speaks = [...families, ...(families.size === 0 && native !== undefined ? (['own'] as const) : [])];
  return { id, label, baseUrl, exampleUrl, local, credential, helpUrl, speaks };
}

function listingSignal(response: Parameters<typeof hangUpSignal>[0]): AbortSignal {
  return AbortSignal.any([AbortSignal.timeout(LISTING_MS), hangUpSignal(response)]);
}

function asUpstreamError(error: unknown): never {
  if (error instanceof UpstreamFailure || error instanceof ModelListError) {
    throw new GatewayError('upstream_error', error.message, { cause: error });
  }
  throw error;
}

/** The update, or the vault as it was before. */
async function updateOr(
  undo: () => Promise<void>,
  update: () => StoredProvider | undefined,
): Promise<StoredProvider> {
  try {
    const provider = update();
    if (provider === undefined) throw notFound('provider');
    return provider;
  } catch (error) {
    await undo();
    throw error;
  }
}

/** `proxySecret` is undefined where the vault stays as it is. */
function patchOf(patch: contract.ProviderPatch, before: StoredProvider) {
  const { name, kind, enabled, priority, headers, ca } = patch;
  const proxy = patch.proxy === undefined ? undefined : proxyOf(patch.proxy);
  // The same proxy as answers show it, without its password: the stored one is meant.
  const sameProxy =
    proxy !== undefined && proxy.secret === null && proxy.proxy === before.proxy && proxy.proxy !== null;
  const settings = given({
    ...{ name, kind, enabled, priority, baseUrl: patchedBaseUrl(patch, before) },
    headers: headers && headersOf(headers),
    proxy: proxy?.proxy,
    ca: ca === undefined ? undefined : certificatesOf(ca),
    credentialStored: patch.credential === undefined ? undefined : patch.credential !== null,
  });
  return { settings, proxySecret: sameProxy ? undefined : proxy?.secret };
}

/** A provider that stood at its kind's own address moves on to the new kind's. */
function patchedBaseUrl(patch: contract.ProviderPatch, before: StoredProvider): string | undefined {
  const kind = patch.kind ?? before.kind;
  if (patch.baseUrl !== undefined) return baseUrlOf(kind, patch.baseUrl);
  const own = PROVIDERS[before.kind].baseUrl;
  const stoodAtOwn = own !== null && before.baseUrl === baseUrlOf(before.kind, null);
  if (kind === before.kind || !stoodAtOwn) return undefined;
  return baseUrlOf(kind, null);
}
