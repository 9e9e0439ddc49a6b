import type { Counts, RequestLog, RequestOutcome, RequestUsage } from '../audit/request-log.ts';
import { costMicros } from '../catalogue/prices.ts';
import type { Clock } from '../clock.ts';
import { tokensOfBytes } from '../protocols/estimate.ts';
import { NO_TOKENS, type TokenUsage } from '../protocols/usage.ts';
import type { Balances, Hold } from '../quotas/balances.ts';
import type { Admitted } from './admit.ts';
import type { AttemptsReport } from './attempts.ts';
import type { AuthorizedCall } from './call.ts';
import type { Metered } from './metered.ts';
import type { RequestRecord } from './request-record.ts';

export interface SettleParts {
  log: RequestLog;
  balances: Balances;
  clock: Clock;
}

/** How a request ended. */
export interface Ending {
  status: number;
  code: string | null;
  /** `provider_failed` gives back what was reserved for day and month; `rejected` is the provider's 4xx. */
  kind: 'answered' | 'rejected' | 'left' | 'provider_failed';
}

/**
 * Puts what was used in the place of what was reserved: in the windows, on the balance and on the audit row.
 * Resolves once the row is on disk; the answer's last byte waits for it.
 * @throws StoreUnavailable when the row cannot be written now (it is tried again until it can)
 */
export async function settleCall(
  parts: SettleParts,
  call: AuthorizedCall,
  record: RequestRecord,
  admitted: Admitted,
  report: AttemptsReport,
  metered: Metered,
  ending: Ending,
): Promise<void> {
  const usage = usedBy(call, admitted, report, metered, ending);
  const outcome: RequestOutcome = {
    status: ending.status,
    code: ending.code,
    providerId: report.last?.provider?.id ?? null,
    upstreamModel: report.last?.upstreamModel ?? null,
    attempts: report.made,
    failedAttempts: report.failed,
    latencyMs: record.latencyMs,
    ttfbMs: metered.firstByteAt === null ? null : record.since(metered.firstByteAt),
    usage,
    counts: settleWindows(admitted, usage, ending),
    dropped: report.dropped,
  };
  const charge = settleBalance(parts, call, admitted, usage, ending);
  await parts.log.settle(admitted.row, outcome, charge);
}

function settleWindows(admitted: Admitted, usage: RequestUsage, ending: Ending): Counts {
  if (ending.kind === 'provider_failed') {
    admitted.reservation.giveBack();
    return 'minute';
  }
  const tokens = usage.inputTokens + usage.outputTokens;
  admitted.reservation.settle({ tokens, images: usage.images, cost: usage.costMicros });
  return 'everywhere';
}

/** @returns the write that books the charge, if there is one */
function settleBalance(
  parts: SettleParts,
  call: AuthorizedCall,
  { hold, row }: Admitted,
  usage: RequestUsage,
  ending: Ending,
): (() => void) | undefined {
  if (hold === null) return undefined;
  parts.balances.release(hold);
  if (ending.kind === 'provider_failed') return undefined;
  const entry = {
    memberId: call.caller.member.id,
    at: parts.clock.wall(),
    kind: 'charge' as const,
    ...chargeOf(hold, usage),
    request: row,
    note: null,
  };
  parts.balances.remember(entry);
  return () => parts.balances.write(entry);
}

export function chargeOf(
  { paidFrom }: Pick<Hold, 'paidFrom'>,
  usage: Pick<RequestUsage, 'chargedTokens' | 'costMicros'>,
): { tokens: number; micros: number } {
  return paidFrom === 'tokens'
    ? { tokens: -usage.chargedTokens, micros: 0 }
    : { tokens: 0, micros: -usage.costMicros };
}

/** What the provider told, else an estimate of the input and of what came; nothing where nothing was sent. */
function usedBy(
  call: AuthorizedCall,
  admitted: Admitted,
  report: AttemptsReport,
  metered: Metered,
  ending: Ending,
): RequestUsage {
  const tokens = tokensOf(call, admitted, metered, ending);
  const { price, multiplier } = call.model.served;
  const route = report.last;
  return {
    inputTokens: tokens.inputTokens,
    outputTokens: tokens.outputTokens,
    cachedTokens: tokens.cachedTokens,
    reasoningTokens: tokens.reasoningTokens,
    images: tokens.inputTokens > 0 ? admitted.images : 0,
    costMicros: route === null ? 0 : costMicros(price, route.pricedAs, route.upstreamModel, tokens),
    // A failure of the provider is charged to nobody, whatever the provider itself may bill.
    chargedTokens:
      ending.kind === 'provider_failed'
        ? 0
        : Math.ceil((tokens.inputTokens + tokens.outputTokens) * multiplier),
    estimated: isEstimate(call, metered, ending),
  };
}

function tokensOf(call: AuthorizedCall, admitted: Admitted, metered: Metered, ending: Ending): TokenUsage {
  if (call.incoming.endpoint === 'count_tokens' || usesNothing(metered, ending))
    return metered.usage ?? NO_TOKENS;
  const output = tokensOfBytes(metered.outputBytes);
  if (metered.usage === null)
    return { ...NO_TOKENS, inputTokens: admitted.inputEstimate, outputTokens: output };
  // A stream that was cut has told its input at most; what came of the output counts if it is more.
  if (ending.kind === 'answered') return metered.usage;
  return { ...metered.usage, outputTokens: Math.max(metered.usage.outputTokens, output) };
}

function isEstimate(call: AuthorizedCall, metered: Metered, ending: Ending): boolean {
  if (call.incoming.endpoint === 'count_tokens' || usesNothing(metered, ending)) return false;
  return metered.usage === null || ending.kind !== 'answered';
}

/** The provider refused the request, failed before any output, or was never reached. */
function usesNothing(metered: Metered, ending: Ending): boolean {
  if (ending.kind === 'rejected' || !metered.sent) return true;
  return ending.kind === 'provider_failed' && metered.usage === null && metered.outputBytes === 0;
}
