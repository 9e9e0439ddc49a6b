import { ModelListError } from '../../providers/listing.ts';
import type { ListedModel } from '../../providers/model-list.ts';
import { UpstreamFailure } from '../../providers/upstream.ts';
import { VaultError } from '../../vault/vault.ts';
import type { ProviderTest } from './contract.ts';

type Verdict = ProviderTest['verdict'];

/** A provider to be called, stored or not. */
export interface Tested {
  list: () => Promise<ListedModel[]>;
  /** What ends `list`. */
  signal: AbortSignal;
  /** Whether there is a credential for it; null while the vault is out of reach. */
  hasCredential: () => Promise<boolean | null>;
}

/** Lists the provider's models to see whether address and credential are right. */
export async function testProvider({
  list,
  signal,
  hasCredential,
}: Tested): Promise<{ test: ProviderTest; found: ListedModel[] }> {
  const start = performance.now();
  const latencyMs = () => Math.round(performance.now() - start);
  try {
    const found = await list();
    const message =
      found.length === 0
        ? 'It answers, and lists no models: publish those you want by their names.'
        : `It answers and lists ${found.length === 1 ? 'one model' : `${found.length} models`}.`;
    const models = found.length;
    return { test: { ok: true, verdict: 'ok', status: 200, latencyMs: latencyMs(), models, message }, found };
  } catch (error) {
    const failed = { ok: false, status: null, models: 0, latencyMs: latencyMs() };
    const why = await whyFailed(error, signal, hasCredential);
    return { test: { ...failed, ...why }, found: [] };
  }
}

async function whyFailed(
  error: unknown,
  signal: AbortSignal,
  hasCredential: Tested['hasCredential'],
): Promise<Pick<ProviderTest, 'verdict' | 'message'> & { status?: number }> {
  if (error instanceof ModelListError) {
    const { status, message } = error;
    return { status, verdict: verdictOfStatus(status), message };
  }
  if (error instanceof VaultError) return { verdict: 'vault_unavailable', message: error.message };
  if (!(error instanceof UpstreamFailure)) throw error;
  if (signal.aborted) return { verdict: 'unreachable', message: 'It did not answer in time.' };
  return { verdict: await verdictOf(error, hasCredential), message: error.message };
}

function verdictOfStatus(status: number): Verdict {
  if (status === 401 || status === 403) return 'wrong_credential';
  if (status === 429) return 'rate_limited';
  if (status >= 500 || status === 402) return 'provider_error';
  return 'not_an_api';
}

async function verdictOf(failure: UpstreamFailure, hasCredential: Tested['hasCredential']): Promise<Verdict> {
  if (failure.reason === 'tls') return 'certificate';
  if (failure.reason !== 'credential_unavailable') return 'unreachable';
  const stored = await hasCredential();
  if (stored === null) return 'vault_unavailable';
  return stored ? 'wrong_credential' : 'no_credential';
}
