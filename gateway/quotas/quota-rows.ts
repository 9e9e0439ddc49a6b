import type { KeyKind } from '../accounts/keys.ts';
import { type HoldingLimit, type Limit, type Limits, metering } from './limits.ts';
import type { Metric } from './sliding-window.ts';

export type QuotaType = 'RPM' | 'TPM' | 'IPM';

/** What each counts in a minute; pictures are told as a modal of their own. */
const QUOTAS = [
  { quotaType: 'RPM', modal: 'llm', metric: 'requests' },
  { quotaType: 'TPM', modal: 'llm', metric: 'tokens' },
  { quotaType: 'IPM', modal: 'image', metric: 'images' },
] as const satisfies { quotaType: QuotaType; modal: string; metric: Metric }[];

export interface QuotaRow {
  modal: 'llm' | 'image';
  /** Public model id. */
  quotaObject: string;
  quotaType: QuotaType;
  /** The tightest limit a minute that admission holds the key to. */
  currentQuota: number;
  /** The plan's; null where it has none. */
  defaultQuota: number | null;
  /** Each plan's, the smallest first; null where it has none. */
  quotaItems: { tier: string; quota: number | null }[];
}

export interface QuotaSubject {
  planId: string;
  memberId: number;
  /** Null for the member without a key of its own limits. */
  keyId: number | null;
  kind: KeyKind;
  /** Each with every id a limit may name it by. */
  models: readonly { requested: string; ids: readonly string[] }[];
}

/**
 * What admission holds requests to in a minute, from the same limits: a row for each model and metric. Where nothing
 * is held back by the minute there is no row: a plan may have no such limit, and keys of other kinds are metered by
 * the day or by a balance.
 */
export function quotaRows(limits: Limits, planIds: readonly string[], subject: QuotaSubject): QuotaRow[] {
  return subject.models.flatMap(({ requested, ids }) => {
    const holding = perMinute(holdingFor(limits, subject, ids));
    const ofPlans = planIds.map((tier) => ({ tier, own: perMinute(ofPlan(limits, tier, ids)) }));
    return QUOTAS.flatMap(({ quotaType, modal, metric }) => {
      const currentQuota = tightest(holding, metric);
      if (currentQuota === null) return [];
      const quotaItems = ofPlans
        .map(({ tier, own }) => ({ tier, quota: tightest(own, metric) }))
        .sort((a, b) => roomOf(a) - roomOf(b));
      const defaultQuota = quotaItems.find(({ tier }) => tier === subject.planId)?.quota ?? null;
      return [{ modal, quotaObject: requested, quotaType, currentQuota, defaultQuota, quotaItems }];
    });
  });
}

function holdingFor(
  limits: Limits,
  subject: QuotaSubject,
  models: readonly string[],
): readonly HoldingLimit[] {
  const { planId, memberId, keyId, kind } = subject;
  const holding =
    keyId === null
      ? limits.holdingForMember({ planId, memberId }, concerning(models))
      : limits.holdingFor({ planId, memberId, keyId, models });
  return metering(kind, holding);
}

function ofPlan(limits: Limits, planId: string, models: readonly string[]): Limit[] {
  return limits.of('plan', planId).filter(concerning(models));
}

function concerning(models: readonly string[]): (limit: Limit) => boolean {
  return ({ model }) => model === null || models.includes(model);
}

function perMinute<Some extends Limit>(limits: readonly Some[]): Some[] {
  return limits.filter(({ windowSeconds }) => windowSeconds === 60);
}

/** Limits for one model and for all hold beside each other. */
function tightest(limits: readonly Limit[], metric: Metric): number | null {
  const amounts = limits.filter((limit) => limit.metric === metric).map(({ amount }) => amount);
  return amounts.length === 0 ? null : Math.min(...amounts);
}

function roomOf({ quota }: { quota: number | null }): number {
  return quota ?? Number.MAX_SAFE_INTEGER;
}

export interface QuotaFilter {
  modal?: string | undefined;
  quotaType?: string | undefined;
  /** Fuzzy. */
  quotaObject?: string | undefined;
}

/** Letter case says nothing; a value that nothing has matches nothing. */
export function matchesFilter(row: QuotaRow, { modal, quotaType, quotaObject }: QuotaFilter): boolean {
  return (
    (modal === undefined || modal.toLowerCase() === row.modal) &&
    (quotaType === undefined || quotaType.toUpperCase() === row.quotaType) &&
    (quotaObject === undefined || resembles(row.quotaObject, quotaObject))
  );
}

/** Whether every word of `wanted` is in the id, whatever stands between letters and digits: `Deep V3`, `deepseekv3`. */
function resembles(id: string, wanted: string): boolean {
  const letters = id.toLowerCase().replace(NO_WORD, '');
  const words = wanted.toLowerCase().split(NO_WORD);
  return words.every((word) => letters.includes(word));
}

const NO_WORD = /[^\p{L}\p{N}]+/gu;
