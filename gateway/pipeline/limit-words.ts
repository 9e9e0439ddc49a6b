import type { BalanceRefusal, LimitRefusal } from '../audit/refusals.ts';
import type { Clock } from '../clock.ts';
import { type ErrorCode, GatewayError } from '../errors.ts';
import type { Family } from '../protocols/endpoint.ts';
import type { LimitState, Refusal } from '../quotas/admission.ts';
import type { HoldingLimit } from '../quotas/limits.ts';
import type { Metric, WindowSeconds } from '../quotas/sliding-window.ts';

const CODES: Readonly<Record<WindowSeconds, ErrorCode>> = {
  60: 'rate_limit_minute',
  86400: 'quota_day',
  2592000: 'quota_month',
};

const SPANS: Readonly<Record<WindowSeconds, string>> = {
  60: '60 seconds',
  86400: '24 hours',
  2592000: '30 days',
};

/** The refusal for people (which limit, how it stands, when it frees) and for clients (`retry-after`, exact). */
export function refusalError(refusal: Refusal, clock: Clock): GatewayError {
  const { limit } = refusal;
  const seconds = Math.max(1, Math.ceil(refusal.waitMs / 1000));
  const headers: Record<string, string> = { 'retry-after': String(seconds) };
  if (limit.windowSeconds !== 60) headers['x-should-retry'] = 'false';
  const free = new Date(clock.wall() + seconds * 1000).toISOString();
  const next = refusal.never
    ? `This request alone needs ${figure(limit.metric, refusal.needed)}; make it smaller or ask for a higher limit.`
    : `It has room again at ${free} (in ${seconds} s).`;
  const message = `The limit of ${describe(limit)} is used up: ${figure(limit.metric, refusal.used)} used. ${next}`;
  return new GatewayError(CODES[limit.windowSeconds], message, { headers });
}

/** The same as figures, for the audit log. */
export function limitRefusal({ limit, used, needed, waitMs, never }: Refusal, clock: Clock): LimitRefusal {
  const { countedFor: _, ...facts } = limit;
  return { kind: 'limit', ...facts, used, needed, passesAt: never ? null : Math.ceil(clock.wall() + waitMs) };
}

/** The refusal for people: what the request may need, what there is, what to do. */
export function balanceError({ tokens, micros, held, needed }: BalanceRefusal): GatewayError {
  const isHeld = held.tokens > 0 || held.micros > 0;
  const whole = (amount: number) => amount.toLocaleString('en-US');
  const running = isHeld
    ? `, of which requests that run now hold ${whole(held.tokens)} tokens and ${dollars(held.micros)}`
    : '';
  return new GatewayError(
    'insufficient_balance',
    `This request may need ${whole(needed.tokens)} prepaid tokens or ${dollars(needed.micros)}; the balance is ` +
      `${whole(tokens)} tokens and ${dollars(micros)}${running}. Top up, or set a smaller \`max_tokens\`.`,
  );
}

/** Written out: names put together for each request were a fiftieth of its cost. */
const LIMIT_HEADERS = {
  openai: {
    requests: ['x-ratelimit-limit-requests', 'x-ratelimit-remaining-requests', 'x-ratelimit-reset-requests'],
    tokens: ['x-ratelimit-limit-tokens', 'x-ratelimit-remaining-tokens', 'x-ratelimit-reset-tokens'],
  },
  anthropic: {
    requests: [
      'anthropic-ratelimit-requests-limit',
      'anthropic-ratelimit-requests-remaining',
      'anthropic-ratelimit-requests-reset',
    ],
    tokens: [
      'anthropic-ratelimit-tokens-limit',
      'anthropic-ratelimit-tokens-remaining',
      'anthropic-ratelimit-tokens-reset',
    ],
  },
} as const;

/** Limits as they stand: of each metric the one with the least left. */
export function limitHeaders(
  family: Family,
  states: readonly LimitState[],
  clock: Clock,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const metric of ['requests', 'tokens'] as const) {
    const tightest = tightestOf(metric, states);
    if (tightest === undefined) continue;
    const [limit, remaining, reset] = LIMIT_HEADERS[family][metric];
    const resetMs = Math.min(
      Math.max(0, tightest.resetAt - clock.steady()),
      tightest.limit.windowSeconds * 1000,
    );
    headers[limit] = String(tightest.limit.amount);
    headers[remaining] = String(tightest.remaining);
    headers[reset] =
      family === 'anthropic' ? new Date(clock.wall() + resetMs).toISOString() : duration(resetMs);
  }
  return headers;
}

function tightestOf(metric: Metric, states: readonly LimitState[]): LimitState | undefined {
  let tightest: LimitState | undefined;
  for (const state of states) {
    if (state.limit.metric !== metric) continue;
    if (tightest === undefined || state.remaining < tightest.remaining) tightest = state;
  }
  return tightest;
}

function describe(limit: HoldingLimit): string {
  const model = limit.model === null ? '' : ` of ${limit.model}`;
  const whose = limit.scope === 'key' ? ' for this key' : '';
  return `${figure(limit.metric, limit.amount)}${model} in ${SPANS[limit.windowSeconds]}${whose}`;
}

function figure(metric: Metric, amount: number): string {
  if (metric === 'cost') return dollars(amount);
  return `${amount.toLocaleString('en-US')} ${amount === 1 ? metric.slice(0, -1) : metric}`;
}

function dollars(micros: number): string {
  return `$${(micros / 1_000_000).toFixed(4)}`;
}

/** OpenAI's form of a duration: `1s`, `6m0s`, `23h59m59s` (https://platform.openai.com/docs/guides/rate-limits). */
function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  if (h > 0) return `${h}h${m}m${s}s`;
  return m > 0 ? `${m}m${s}s` : `${s}s`;
}
