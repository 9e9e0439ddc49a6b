import type { Plan } from '../../accounts/plans.ts';
import { type Span, spanOf } from '../span.ts';
import type { ListQuery } from './contract.ts';

const DAY_MS = 86_400_000;

/** Without a plan there is none of its caps; this keeps one answer within memory. */
const LARGEST_PAGE = 1_000;

export interface Page {
  page: number;
  limit: number;
  offset: number;
}

export interface Listed<Item> {
  data: Item[];
  pagination: { page: number; limit: number; total: number };
}

/** The page asked for, no larger than the plan's cap, which is also what a page is unless told. @param plan null: nobody's */
export function pageOf(plan: Plan | null, { page = 1, pageSize }: ListQuery): Page {
  const cap = plan?.pageSizeCap ?? LARGEST_PAGE;
  const limit = Math.min(pageSize ?? cap, cap);
  return { page, limit, offset: (page - 1) * limit };
}

/**
 * What of a list may be seen: the span asked for; null where it begins before the plan's history window, for which
 * the page is empty. The window has whole days in UTC.
 */
export function visibleSpan(plan: Plan | null, query: ListQuery, now: number): Span | null {
  const span = spanOf(query);
  if (query.startDate !== undefined && span.from < windowStart(plan, now)) return null;
  return span;
}

/** The first moment a list may begin at. */
export function windowStart(plan: Plan | null, now: number): number {
  return plan === null ? 0 : floorToDay(now) - plan.historyDays * DAY_MS;
}

export function floorToDay(at: number): number {
  return Math.floor(at / DAY_MS) * DAY_MS;
}

/** One page of what is visible. */
export function pageOfAll<Item>(plan: Plan | null, query: ListQuery, items: readonly Item[]): Listed<Item> {
  const { page, limit, offset } = pageOf(plan, query);
  return { data: items.slice(offset, offset + limit), pagination: { page, limit, total: items.length } };
}

/** `?modal=&quotaType=` asks for all. */
export function withoutEmpty(query: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(query ?? {}).filter(([, value]) => value !== ''));
}

/** For rows that say how something is now: they are in every span that holds this moment. */
export function pageOfNow<Item>(
  plan: Plan | null,
  query: ListQuery,
  now: number,
  items: () => readonly Item[],
): Listed<Item> {
  const span = visibleSpan(plan, query, now);
  const within = span !== null && span.from <= now && now < span.to;
  return pageOfAll(plan, query, within ? items() : []);
}
