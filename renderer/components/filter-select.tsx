import { Button, Combobox, useCombobox } from '@mantine/core';
import { IconSelector } from '@tabler/icons-react';
import { useState } from 'react';
import classes from './filter-select.module.css';

export interface FilterOption {
  value: string;
  label: string;
}

interface FilterSelectProps {
  /** What is filtered by, such as Member. */
  label: string;
  value: string | null;
  options: readonly FilterOption[];
  onChange: (value: string | null) => void;
  /** The words of “no filter”; null where one must be chosen. */
  all?: string | null;
}

/** With more choices than this, one can type to find one. */
const SEARCH_FROM = 8;
const MOST_SHOWN = 200;

/** A filter that says its choice: “Member Ada”. */
export function FilterSelect({ label, value, options, onChange, all = 'Any' }: FilterSelectProps) {
  const [search, setSearch] = useState('');
  const combobox = useCombobox({ onDropdownClose: () => setSearch('') });
  const chosen = options.find((option) => option.value === value);
  const found = options.filter((option) => option.label.toLowerCase().includes(search.trim().toLowerCase()));

  function choose(picked: string) {
    onChange(picked === '' ? null : picked);
    combobox.closeDropdown();
    combobox.focusTarget();
  }
  return (
    <Combobox store={combobox} onOptionSubmit={choose} width={240} position="bottom-start">
      <Combobox.Target targetType="button">
        <Button
          size="compact-sm"
          className={classes.button ?? ''}
          data-chosen={(all !== null && chosen !== undefined) || undefined}
          rightSection={<IconSelector size={13} stroke={1.5} />}
          onClick={() => combobox.toggleDropdown()}
        >
          <span>
            <span className={classes.label}>{label}</span>{' '}
            {chosen !== undefined && <b className={classes.value}>{chosen.label}</b>}
          </span>
        </Button>
      </Combobox.Target>
      <Combobox.Dropdown>
        {options.length > SEARCH_FROM && (
          <Combobox.Search
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
            placeholder={`Find ${label.toLowerCase()}`}
            aria-label={`Find ${label.toLowerCase()}`}
          />
        )}
        <Combobox.Options mah={280} style={{ overflowY: 'auto' }} aria-label={label}>
          {all !== null && search === '' && (
            <Combobox.Option value="" active={value === null}>
              {all}
            </Combobox.Option>
          )}
          {found.slice(0, MOST_SHOWN).map((option) => (
            <Combobox.Option key={option.value} value={option.value} active={option.value === value}>
              {option.label}
            </Combobox.Option>
          ))}
          {found.length === 0 && <Combobox.Empty>Nothing found</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
