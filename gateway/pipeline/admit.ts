import type { RequestLog, RequestUsage } from '../audit/request-log.ts';
import { costMicros } from '../catalogue/prices.ts';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import type { Family } from '../protocols/endpoint.ts';
import { estimateInput } from '../protocols/estimate.ts';
import { NO_TOKENS } from '../protocols/usage.ts';
import { PROVIDERS } from '../providers/catalogue.ts';
import type { Providers } from '../providers/providers.ts';
import { admit, type Need, type Reservation } from '../quotas/admission.ts';
import type { Balances, Hold } from '../quotas/balances.ts';
import { type HoldingLimit, type Limits, metering } from '../quotas/limits.ts';
import type { Amounts } from '../quotas/sliding-window.ts';
import type { UsageCounters } from '../quotas/usage-counters.ts';
import type { AuthorizedCall } from './call.ts';
import { limitHeaders, refusalError } from './limit-words.ts';
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

  const admission = admit(parts.counters, parts.clock, subject, limitsFor(parts, call), need);
  Object.assign(headers, limitHeaders(family, admission.states, parts.clock));
  if (!admission.admitted) throw refusalError(admission.refusal, parts.clock);
  const { reservation } = admission;

  const reserved = reservedUsage(call, need, reservation.reserved);
  const hold = paysFromBalance(call) ? holdBalance(parts, call, need, reserved, reservation) : null;
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

function limitsFor(parts: AdmitParts, { caller, model }: AuthorizedCall): HoldingLimit[] {
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
  reserved: RequestUsage,
  reservation: Reservation,
): Hold {
  const { member } = call.caller;
  const hold = parts.balances.hold(member.id, {
    tokens: reserved.chargedTokens,
    micros: need.input.cost + need.output.cost,
  });
  if (hold !== null) return hold;
  reservation.cancel();
  const { tokens, micros } = parts.balances.of(member.id);
  throw new GatewayError(
    'insufficient_balance',
    `This request may need ${reserved.chargedTokens} prepaid tokens; the balance is ${tokens} tokens and ` +
      `$${(micros / 1_000_000).toFixed(4)}. Top up, or set a smaller \`max_tokens\`.`,
  );
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
 * with one in memory. A balance is asked for all that may be needed.
 */
function reservedUsage({ model }: AuthorizedCall, need: Need, reserved: Amounts): RequestUsage {
  const inputTokens = Math.min(need.input.tokens, reserved.tokens);
  const mayCharge = (need.input.tokens + need.output.tokens) * model.served.multiplier;
  return {
    inputTokens,
    outputTokens: reserved.tokens - inputTokens,
    cachedTokens: 0,
    reasoningTokens: 0,
    images: reserved.images,
    costMicros: reserved.cost,
    chargedTokens: Math.ceil(mayCharge),
    estimated: true,
  };
}
