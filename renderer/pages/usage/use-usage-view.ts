import { type Filters, useFilters } from '../../api/use-filters.ts';
import type { Dimension, Metric } from './groups.ts';
import { type LocalClock, localClock } from './local-clock.ts';
import { DEFAULT_SPAN, ownSpan, rollingSpan, SPANS, type Span, type SpanName } from './span.ts';

export const DIMENSIONS: readonly { value: Dimension; label: string; plural: string }[] = [
  { value: 'model', label: 'Model', plural: 'models' },
  { value: 'member', label: 'Member', plural: 'members' },
  { value: 'key', label: 'Key', plural: 'keys' },
  { value: 'tool', label: 'Tool', plural: 'tools' },
  { value: 'provider', label: 'Provider', plural: 'providers' },
];

/** A dimension's name in the address, and in the admin API's query. */
export const FILTERS: Record<Dimension, string> = {
  model: 'model',
  member: 'memberId',
  key: 'keyId',
  tool: 'tool',
  provider: 'providerId',
};

/** What the page is asked to show. */
export interface UsageView {
  span: Span;
  /** Null for own dates. */
  spanName: SpanName | null;
  metric: Metric;
  dimension: Dimension;
  /** Chosen value by dimension. */
  chosen: Record<Dimension, string | null>;
  clock: LocalClock;
  now: number;
}

/** The view as the page's address says it: `/usage?span=7d&by=member&metric=tokens&model=…`. */
export function useUsageView(): { view: UsageView; filters: Filters } {
  const filters = useFilters();
  const date = new Date();
  const [clock, now] = [localClock(date), date.getTime()];
  const own = ownSpan(filters.get('from') ?? '', filters.get('to') ?? '', clock, now);
  const spanName = own === null ? oneOf(SPANS, filters.get('span'), DEFAULT_SPAN) : null;
  const view: UsageView = {
    span: own ?? rollingSpan(spanName ?? DEFAULT_SPAN, clock, now),
    spanName,
    metric: oneOf(METRIC_NAMES, filters.get('metric'), 'cost'),
    dimension: oneOf(DIMENSIONS, filters.get('by'), 'model'),
    chosen: {
      model: filters.get(FILTERS.model),
      member: filters.get(FILTERS.member),
      key: filters.get(FILTERS.key),
      tool: filters.get(FILTERS.tool),
      provider: filters.get(FILTERS.provider),
    },
    ...{ clock, now },
  };
  return { view, filters };
}

const METRIC_NAMES = [{ value: 'cost' }, { value: 'tokens' }, { value: 'requests' }] as const;

function oneOf<Value extends string>(
  options: readonly { value: Value }[],
  text: string | null,
  otherwise: Value,
): Value {
  return options.find(({ value }) => value === text)?.value ?? otherwise;
}
