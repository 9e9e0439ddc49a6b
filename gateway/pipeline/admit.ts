import type { RequestLog, RequestUsage } from '../audit/request-log.ts';
import { chargedTokens } from '../catalogue/multiplier.ts';
import { costMicros } from '../catalogue/prices.ts';
import type { Clock } from '../clock.ts';
import type { Family } from '../protocols/endpoint.ts';
import { estimateInput } from '../protocols/estimate.ts';
import { NO_TOKENS } from '../protocols/usage.ts';
import { PROVIDERS } from '../providers/catalogue.ts';
import type { Providers } from '../providers/providers.ts';
import { admit, type Need, type Reservation } from '../quotas/admission.ts';
import type { BalanceNeed, Balances, Hold } from '../quotas/balances.ts';
import { type HoldingLimit, type Limits, metering } from '../quotas/limits.ts';
import type { Amounts } from '../quotas/sliding-window.ts';
import type { UsageCounters } from '../quotas/usage-counters.ts';
import type { AuthorizedCall } from './call.ts';
import { balanceError, limitHeaders, limitRefusal, refusalError } from './limit-words.ts';
import type { RequestRecord } from './request-record.ts';

export interface AdmitParts {
  limits: Limits;
  counters: UsageCounters;
  balances: Balances;
  providers: Providers;
  log: RequestLog;
  clock: Clock;
}

/** An admitted request: counted in its windows, holding its balance, its row on disk. */
export interface Admitted {
  row: number;
  reservation: Reservation;
  /** What it may spend of a balance; null where limits alone meter it. */
  hold: Hold | null;
  inputEstimate: number;
  images: number;
}

/** What OpenAI takes for `n`. */
const MOST_CHOICES = 128;

/** Reserved for an answer whose length the client does not bound. */
const DEFAULT_OUTPUT_TOKENS = 4_096;

/** Such an answer is begun where a balance still pays for so much of it. */
const LEAST_OUTPUT_TOKENS = 256;

/**
 * Checks limits, then balance, and reserves, all in one synchronous step; then puts the row on disk, before
 * any provider is called. `headers` gets the limits as they stand, whether admitted or refused.
 * @throws GatewayError `rate_limit_minute`, `quota_day`, `quota_month`, `insufficient_balance`
 * @throws StoreUnavailable when the row cannot be written; nothing stays reserved
 */
export async function admitCall(
  parts: AdmitParts,
  call: AuthorizedCall,
  family: Family,
  record: RequestRecord,
  headers: Record<string, string>,
): Promise<Admitted> {
  const { caller, model } = call;
  const estimate = estimateInput(call.body.json);
  const need = needOf(parts, call, estimate);
  const subject = { memberId: caller.member.id, keyId: caller.key.id, models: model.ids };

  const isCounted = caller.key.kind !== 'pay_per_token';
  const admission = admit(parts.counters, parts.clock, subject, limitsFor(parts, call), need, isCounted);
  Object.assign(headers, limitHeaders(family, admission.states, parts.clock));
  if (!admission.admitted) {
    record.refusal = limitRefusal(admission.refusal, parts.clock);
    throw refusalError(admission.refusal, parts.clock);
  }
  const { reservation } = admission;

  const hold = paysFromBalance(call) ? holdBalance(parts, call, need, record, reservation) : null;
  const reserved = reservedUsage(call, need, reservation.reserved, hold);
  try {
    // Windows are restored from the row's time: it must not be older than the admission.
    const facts = { ...record.facts(), at: parts.clock.wall() };
    const row = await parts.log.open(facts, reserved, hold === null ? 'limits' : hold.paidFrom);
    return { row, reservation, hold, inputEstimate: estimate.tokens, images: estimate.images };
  } catch (error) {
    reservation.cancel();
    if (hold !== null) parts.balances.release(hold);
    throw error;
  }
}

function limitsFor(parts: AdmitParts, { caller, model }: AuthorizedCall): readonly HoldingLimit[] {
  const { key, member } = caller;
  const subject = { planId: member.planId, memberId: member.id, keyId: key.id, models: model.ids };
  return metering(key.kind, parts.limits.holdingFor(subject));
}

function paysFromBalance({ caller }: AuthorizedCall): boolean {
  return caller.key.kind === 'pay_per_token' || (caller.member.prepaid && caller.key.kind === 'standard');
}

function holdBalance(
  parts: AdmitParts,
  call: AuthorizedCall,
  need: Need,
  record: RequestRecord,
  reservation: Reservation,
): Hold {
  const memberId = call.caller.member.id;
  const needed = balanceNeed(parts, call, need);
  const hold = parts.balances.hold(memberId, needed);
  if (hold !== null) return hold;
  reservation.cancel();
  const held = parts.balances.heldOf(memberId);
  const refusal = {
    kind: 'balance' as const,
    ...parts.balances.of(memberId),
    ...{ held, needed: needed.least },
  };
  record.refusal = refusal;
  throw balanceError(refusal);
}

/** An answer that the client does not bound may take what is left of a balance; all others must be covered. */
function balanceNeed(parts: AdmitParts, call: AuthorizedCall, { input, output }: Need): BalanceNeed {
  const needed = (outputTokens: number, cost: number) => ({
    tokens: chargedTokens(input.tokens + outputTokens, call.model.multiplier),
    micros: cost,
  });
  const most = needed(output.tokens, input.cost + output.cost);
  if (call.body.maxOutputTokens !== null || output.tokens <= LEAST_OUTPUT_TOKENS)
    return { most, least: most };
  const leastCost = highestCost(parts, call, input.tokens, LEAST_OUTPUT_TOKENS);
  return { most, least: needed(LEAST_OUTPUT_TOKENS, leastCost) };
}

function needOf(parts: AdmitParts, call: AuthorizedCall, estimate: { tokens: number; images: number }): Need {
  if (call.incoming.endpoint === 'count_tokens') return { input: { ...ONE_REQUEST }, output: { ...NOTHING } };
  const output = outputBound(call);
  const inputCost = highestCost(parts, call, estimate.tokens, 0);
  return {
    input: { requests: 1, tokens: estimate.tokens, images: estimate.images, cost: inputCost },
    output: {
      requests: 0,
      tokens: output,
      images: 0,
      cost: highestCost(parts, call, estimate.tokens, output) - inputCost,
    },
  };
}

const NOTHING = { requests: 0, tokens: 0, images: 0, cost: 0 };
const ONE_REQUEST = { ...NOTHING, requests: 1 };

function outputBound({ body, incoming }: AuthorizedCall): number {
  if (incoming.endpoint === 'embeddings') return 0;
  const choices =
    typeof body.json.n === 'number' ? Math.min(Math.max(1, Math.ceil(body.json.n)), MOST_CHOICES) : 1;
  return (body.maxOutputTokens ?? DEFAULT_OUTPUT_TOKENS) * choices;
}

/** By the dearest target: which one will serve is not known yet. */
function highestCost(
  parts: AdmitParts,
  { model }: AuthorizedCall,
  inputTokens: number,
  outputTokens: number,
): number {
  const usage = { ...NO_TOKENS, inputTokens, outputTokens };
  const costs = model.served.targets.map((target) => {
    const provider = parts.providers.get(target.providerId);
    const pricedAs = provider === undefined ? null : PROVIDERS[provider.kind].prices;
    return costMicros(model.served.price, pricedAs, target.upstreamModel, usage);
  });
  return Math.max(0, ...costs);
}

/**
 * What the row holds until it is settled: what the windows hold, so that a counter made from the store agrees
 * with one in memory, and what is held of prepaid tokens, which is charged should the gateway be killed.
 */
function reservedUsage(
  { model }: AuthorizedCall,
  need: Need,
  reserved: Amounts,
  hold: Hold | null,
): RequestUsage {
  const inputTokens = Math.min(need.input.tokens, reserved.tokens);
  const mayCharge = chargedTokens(need.input.tokens + need.output.tokens, model.multiplier);
  return {
    inputTokens,
    outputTokens: reserved.tokens - inputTokens,
    cachedTokens: 0,
    reasoningTokens: 0,
    images: reserved.images,
    costMicros: reserved.cost,
    chargedTokens: hold?.paidFrom === 'tokens' ? hold.tokens : mayCharge,
    estimated: true,
  };
}
