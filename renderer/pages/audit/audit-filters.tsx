import { memo, useEffect, useState } from 'react';
import { useKeys, useMembers, useModels, useProviders } from '../../api/lists.ts';
import type { Filters } from '../../api/use-filters.ts';
import { DatesFilter } from '../../components/dates-filter.tsx';
import { type FilterOption, FilterSelect } from '../../components/filter-select.tsx';
import { FilterBar } from '../../components/page.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { TOOLS } from '../../tools.ts';
import { CODES } from './explanations.ts';
import { withoutSecret } from './search.ts';
import { DEFAULT_TIME, ownSpanName, TIMES } from './time-span.ts';
import { type AuditView, searchChanges } from './use-audit-view.ts';

/** So long after the last letter the list follows what is typed. */
const TYPING_MS = 300;

const OUTCOMES: readonly FilterOption[] = [
  { value: 'outcome ok', label: 'Answered' },
  { value: 'outcome refused', label: 'Refused' },
  { value: 'outcome failed', label: 'Failed' },
  { value: 'outcome running', label: 'Running' },
  ...CODES.map((code) => ({ value: `code ${code}`, label: code })),
];

const STREAMED: readonly FilterOption[] = [
  { value: 'true', label: 'Streamed' },
  { value: 'false', label: 'In one piece' },
];

/** What of the log is shown. `aside` says how much that is. */
export const AuditFilters = memo(function AuditFilters({
  view,
  filters,
  aside,
}: {
  view: AuditView;
  filters: Filters;
  aside: string | null;
}) {
  const { time, own, plain } = view;
  const [first, last] = [filters.get('from')?.slice(0, 10), filters.get('to')?.slice(0, 10)];
  return (
    <FilterBar aside={aside}>
      <AuditSearch
        text={view.text}
        onChange={(text) => filters.set(searchChanges(text), { replace: true })}
      />
      <FilterSelect
        label="Time"
        value={time}
        options={TIMES}
        all={null}
        onChange={(value) =>
          filters.set({ time: value === DEFAULT_TIME ? null : value, from: null, to: null })
        }
      />
      <DatesFilter
        value={own !== null && first !== undefined && last !== undefined ? [first, last] : null}
        {...(own === null ? {} : { label: ownSpanName(own) })}
        onChange={(from, to) => filters.set({ time: null, from, to })}
      />
      <Choice name="memberId" label="Member" options={named(useMembers().data)} {...{ view, filters }} />
      <Choice
        name="model"
        label="Model"
        options={(useModels().data ?? []).map(({ id }) => ({ value: id, label: id }))}
        {...{ view, filters }}
      />
      <Choice
        name="providerId"
        label="Provider"
        options={named(useProviders().data)}
        {...{ view, filters }}
      />
      <Choice name="tool" label="Tool" options={TOOLS} {...{ view, filters }} />
      <FilterSelect
        label="Status"
        value={statusValue(plain)}
        options={withChosen(OUTCOMES, statusValue(plain))}
        onChange={(value) => filters.set(statusChanges(value))}
      />
      <Choice name="streamed" label="Answer" options={STREAMED} {...{ view, filters }} />
      {plain.keyId !== undefined && (
        <Choice name="keyId" label="Key" options={named(useKeys().data)} {...{ view, filters }} />
      )}
      {plain.endpoint !== undefined && (
        <Choice name="endpoint" label="Endpoint" options={[]} {...{ view, filters }} />
      )}
    </FilterBar>
  );
});

interface ChoiceProps {
  name: 'memberId' | 'model' | 'providerId' | 'tool' | 'streamed' | 'keyId' | 'endpoint';
  label: string;
  options: readonly FilterOption[];
  view: AuditView;
  filters: Filters;
}

function Choice({ name, label, options, view, filters }: ChoiceProps) {
  const value = view.plain[name] ?? null;
  return (
    <FilterSelect
      label={label}
      value={value}
      options={withChosen(options, value)}
      onChange={(chosen) => filters.set({ [name]: chosen })}
    />
  );
}

/** Understands request ids, keys’ beginnings, addresses, and a status or a code. */
function AuditSearch({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const [typed, setTyped] = useState(text);
  const [told, setTold] = useState(text);
  // Back, a link or a cleared filter change it from outside.
  if (told !== text) {
    setTold(text);
    setTyped(text);
  }
  useEffect(() => {
    if (typed === told) return;
    const timer = setTimeout(() => {
      setTold(typed);
      onChange(typed);
    }, TYPING_MS);
    return () => clearTimeout(timer);
  });
  return (
    <SearchField
      value={typed}
      onChange={(value) => setTyped(withoutSecret(value))}
      placeholder="Request id, key, address"
      width={224}
    />
  );
}

function statusValue({ outcome, code, status }: AuditView['plain']): string | null {
  if (code !== undefined) return `code ${code}`;
  if (outcome !== undefined) return `outcome ${outcome}`;
  return status === undefined ? null : `status ${status}`;
}

function statusChanges(value: string | null): Record<string, string | null> {
  const [kind = '', chosen = null] = value?.split(' ') ?? [];
  return { outcome: null, code: null, status: null, ...(value === null ? {} : { [kind]: chosen }) };
}

function named(list: readonly { id: string; name: string }[] | undefined): FilterOption[] {
  return (list ?? []).map(({ id, name }) => ({ value: id, label: name }));
}

/** What a link filters by may be gone since: it is still said. */
function withChosen(options: readonly FilterOption[], chosen: string | null): readonly FilterOption[] {
  if (chosen === null || options.some(({ value }) => value === chosen)) return options;
  return [...options, { value: chosen, label: chosen.split(' ').at(-1) ?? chosen }];
}
