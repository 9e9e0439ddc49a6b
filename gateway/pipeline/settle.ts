import type { Counts, RequestLog, RequestOutcome, RequestUsage } from '../audit/request-log.ts';
import { chargedTokens } from '../catalogue/multiplier.ts';
import { costMicros } from '../catalogue/prices.ts';
import type { Clock } from '../clock.ts';
import { tokensOfBytes } from '../protocols/estimate.ts';
import { NO_TOKENS, type TokenUsage } from '../protocols/usage.ts';
import type { Balances } from '../quotas/balances.ts';
import type { Admitted } from './admit.ts';
import type { AttemptsReport } from './attempts.ts';
import type { AuthorizedCall } from './call.ts';
import type { Metered } from './metered.ts';
import type { RequestRecord } from './request-record.ts';
import { type BalanceCharge, settleBalance } from './settle-balance.ts';

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

/** What a request that a balance pays for was charged, for the answer to tell. */
export interface Bill {
  multiplier: number;
  /** Prepaid tokens; 0 where money pays. */
  chargedTokens: number;
  /** As the provider told it, else as it was estimated. */
  usage: TokenUsage;
}

/**
 * Puts what was used in the place of what was reserved: in the windows, on the balance and on the audit row.
 * Resolves once the row is on disk; the answer's last byte waits for it.
 * @returns null where no balance pays
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
): Promise<Bill | null> {
  const tokens = tokensOf(call, admitted, metered, ending);
  const used = usedBy(call, admitted, report, tokens, isEstimate(call, metered, ending));
  const counts = settleWindows(admitted, used, ending);
  const charge = chargeBalance(parts, call, admitted, report, tokens, used, ending);
  const paysTokens = admitted.hold?.paidFrom === 'tokens';
  // A failure of the provider is charged to nobody, whatever the provider itself may bill.
  const failed = ending.kind === 'provider_failed';
  const charged = failed ? 0 : paysTokens && charge !== null ? charge.tokens : used.chargedTokens;
  const outcome: RequestOutcome = {
    status: ending.status,
    code: ending.code,
    providerId: report.last?.provider?.id ?? null,
    upstreamModel: report.last?.upstreamModel ?? null,
    attempts: report.made,
    failedAttempts: report.failed,
    latencyMs: record.latencyMs,
    ttfbMs: metered.firstByteAt === null ? null : record.since(metered.firstByteAt),
    usage: { ...used, chargedTokens: charged },
    counts,
    dropped: report.dropped,
  };
  await parts.log.settle(admitted.row, outcome, charge?.write);
  if (charge === null) return null;
  return { multiplier: call.model.multiplier, chargedTokens: charge.tokens, usage: tokens };
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

/** @returns null where no balance pays */
function chargeBalance(
  parts: SettleParts,
  call: AuthorizedCall,
  { hold, row }: Admitted,
  report: AttemptsReport,
  tokens: TokenUsage,
  used: RequestUsage,
  ending: Ending,
): BalanceCharge | null {
  if (hold === null) return null;
  const withoutOutput = costOf(call, report, { ...tokens, outputTokens: 0, reasoningTokens: 0 });
  const output = {
    tokens: chargedTokens(tokens.outputTokens, call.model.multiplier),
    micros: used.costMicros - withoutOutput,
  };
  const all = { tokens: used.chargedTokens, micros: used.costMicros };
  const failed = ending.kind === 'provider_failed';
  return settleBalance(parts.balances, hold, { all, output }, { row, at: parts.clock.wall(), failed });
}

function usedBy(
  call: AuthorizedCall,
  admitted: Admitted,
  report: AttemptsReport,
  tokens: TokenUsage,
  estimated: boolean,
): RequestUsage {
  const { inputTokens, outputTokens, cachedTokens, reasoningTokens } = tokens;
  return {
    ...{ inputTokens, outputTokens, cachedTokens, reasoningTokens },
    images: inputTokens > 0 ? admitted.images : 0,
    costMicros: costOf(call, report, tokens),
    chargedTokens: chargedTokens(inputTokens + outputTokens, call.model.multiplier),
    estimated,
  };
}

function costOf(call: AuthorizedCall, { last }: AttemptsReport, tokens: TokenUsage): number {
  return last === null ? 0 : costMicros(call.model.served.price, last.pricedAs, last.upstreamModel, tokens);
}

/** What the provider told, else an estimate of the input and of what came; nothing where nothing was sent. */
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
