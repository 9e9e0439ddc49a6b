import { ModelListError } from '../../providers/listing.ts';
import { UpstreamFailure } from '../../providers/upstream.ts';
import { VaultError } from '../../vault/vault.ts';
import type { ProviderTest } from './contract.ts';
import type { AdminParts } from './parts.ts';
import { hasCredential } from './provider-secrets.ts';

type Verdict = ProviderTest['verdict'];

/** Lists the provider's models to see whether address and credential are right. */
export async function testProvider(
  parts: AdminParts,
  providerId: number,
  signal: AbortSignal,
): Promise<ProviderTest> {
  const start = performance.now();
  const latencyMs = () => Math.round(performance.now() - start);
  try {
    const models = await parts.upstreams.models(providerId, signal);
    const message =
      models.length === 0
        ? 'It answers, and lists no models: publish those you want by their names.'
        : `It answers and lists ${models.length} models.`;
    return { ok: true, verdict: 'ok', status: 200, latencyMs: latencyMs(), models: models.length, message };
  } catch (error) {
    const failed = { ok: false, status: null, models: 0, latencyMs: latencyMs() };
    if (error instanceof ModelListError) {
      const { status, message } = error;
      return { ...failed, status, verdict: verdictOfStatus(status), message };
    }
    if (error instanceof VaultError)
      return { ...failed, verdict: 'vault_unavailable', message: error.message };
    if (!(error instanceof UpstreamFailure)) throw error;
    if (signal.aborted) return { ...failed, verdict: 'unreachable', message: 'It did not answer in time.' };
    return { ...failed, verdict: await verdictOf(parts, providerId, error), message: error.message };
  }
}

function verdictOfStatus(status: number): Verdict {
  if (status === 401 || status === 403) return 'wrong_credential';
  if (status === 429) return 'rate_limited';
  if (status >= 500 || status === 402) return 'provider_error';
  return 'not_an_api';
}

async function verdictOf(parts: AdminParts, providerId: number, failure: UpstreamFailure): Promise<Verdict> {
  if (failure.reason === 'tls') return 'certificate';
  if (failure.reason !== 'credential_unavailable') return 'unreachable';
  const stored = await hasCredential(parts.vault, providerId);
  if (stored === null) return 'vault_unavailable';
  return stored ? 'wrong_credential' : 'no_credential';
}
