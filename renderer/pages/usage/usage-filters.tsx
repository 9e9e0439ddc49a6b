import { SegmentedControl } from '@mantine/core';
import { useKeys, useMembers, useModels, useProviders } from '../../api/lists.ts';
import type { Filters } from '../../api/use-filters.ts';
import { DatesFilter } from '../../components/dates-filter.tsx';
import { type FilterOption, FilterSelect } from '../../components/filter-select.tsx';
import { FilterBar } from '../../components/page.tsx';
import { TOOLS } from '../../tools.ts';
import type { Dimension } from './groups.ts';
import { METRICS } from './metric-words.ts';
import { SPANS } from './span.ts';
import { DIMENSIONS, FILTERS, type UsageView } from './use-usage-view.ts';

/** In the order they stand. Keys are many: by one is filtered from its own page or its row. */
const OFFERED: readonly Dimension[] = ['model', 'member', 'tool', 'provider', 'key'];

/** When, what, split by what, and of whom. */
export function UsageFilters({ view, filters }: { view: UsageView; filters: Filters }) {
  const options = useOptions();
  const { span, spanName, metric, dimension, chosen } = view;
  const [first, last] = [filters.get('from'), filters.get('to')];
  return (
    <FilterBar aside={span.dates}>
      <SegmentedControl
        aria-label="Time"
        data={SPANS.map(({ value, label }) => ({ value, label }))}
        value={spanName ?? ''}
        onChange={(value) => filters.set({ span: value, from: null, to: null })}
      />
      <DatesFilter
        value={spanName === null && first !== null && last !== null ? [first, last] : null}
        onChange={(from, to) => filters.set({ span: null, from, to })}
      />
      <SegmentedControl
        aria-label="What is counted"
        data={[...METRICS]}
        value={metric}
        onChange={(value) => filters.set({ metric: value })}
      />
      <FilterSelect
        label="Split by"
        value={dimension}
        options={DIMENSIONS}
        all={null}
        onChange={(value) => filters.set({ by: value })}
      />
      {OFFERED.filter((name) => chosen[name] !== null || (name !== dimension && name !== 'key')).map(
        (name) => (
          <FilterSelect
            key={name}
            label={DIMENSIONS.find(({ value }) => value === name)?.label ?? name}
            value={chosen[name]}
            options={withChosen(options[name], chosen[name])}
            onChange={(value) => filters.set({ [FILTERS[name]]: value })}
          />
        ),
      )}
    </FilterBar>
  );
}

function useOptions(): Record<Dimension, readonly FilterOption[]> {
  const named = (list: readonly { id: string; name: string }[] = []) =>
    list.map(({ id, name }) => ({ value: id, label: name }));
  return {
    model: (useModels().data ?? []).map(({ id }) => ({ value: id, label: id })),
    member: named(useMembers().data),
    key: named(useKeys().data),
    tool: TOOLS,
    provider: named(useProviders().data),
  };
}

/** What a link filters by may be gone since: it is still said. */
function withChosen(options: readonly FilterOption[], chosen: string | null): readonly FilterOption[] {
  if (chosen === null || options.some(({ value }) => value === chosen)) return options;
  return [...options, { value: chosen, label: chosen }];
}
