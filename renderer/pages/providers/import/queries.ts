import { useMutation, useQuery } from '@tanstack/react-query';
import type {
  ImportFinding,
  ImportLook,
  ImportLooked,
  ImportSource,
  ImportSourceList,
  ImportTake,
  Model,
  Provider,
  ProviderTest,
} from '../../../../gateway/doors/admin/contract.ts';
import { getJson, sendJson } from '../../../api/admin-api.ts';
import { useSend } from '../../../api/use-send.ts';
import { publishImported } from './publish-imported.ts';

/** What is on this computer now. */
export function useSources() {
  return useQuery({
    queryKey: ['imports'],
    queryFn: async ({ signal }) => (await getJson<ImportSourceList>('/imports', {}, signal)).data,
    staleTime: 0,
  });
}

/** A look is asked for each time. */
export function useLook(source: ImportSource) {
  return useMutation({
    mutationFn: (look: ImportLook) => sendJson<ImportLooked>('POST', `/imports/${source.id}/look`, look),
  });
}

export interface Taking {
  finding: ImportFinding;
  /** Offer its models, where the names are free. */
  publish: boolean;
  models: readonly Model[];
  /** Providers that came from the same place. */
  together: readonly string[];
}

/** What became of a finding. */
export interface Taken {
  provider: Pick<Provider, 'id' | 'name'>;
  /** Null where nothing was learned. */
  test: ProviderTest | null;
  published: string[];
  /** Why its models, or the last of them, are not offered. */
  refusal: unknown;
}

/** Stores one, calls it, and offers its models. What follows the storing cannot undo it, and is told beside it. */
export function useTake(source: ImportSource, look: ImportLook) {
  return useSend(async ({ finding, publish, models, together }: Taking): Promise<Taken> => {
    const wish: ImportTake = { ...look, finding: finding.id, mark: finding.mark };
    const provider = await sendJson<Taken['provider']>('POST', `/imports/${source.id}/take`, wish);
    const test = await sendJson<ProviderTest>('POST', `/providers/${provider.id}/test`).catch(() => null);
    const published: string[] = [];
    try {
      if (publish) await publishImported(provider.id, finding.models, { models, together }, published);
      return { provider, test, published, refusal: null };
    } catch (refusal) {
      return { provider, test, published, refusal };
    }
  });
}
