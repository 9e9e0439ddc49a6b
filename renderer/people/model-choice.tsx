import { Checkbox, SegmentedControl, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import type { Model } from '../../gateway/doors/admin/contract.ts';
import { useModels } from '../api/lists.ts';
import { whole } from '../format.ts';
import { FieldGroup } from './field-group.tsx';
import classes from './model-choice.module.css';

interface ModelChoiceProps {
  label: string;
  /** Public ids; null allows every model. */
  value: readonly string[] | null;
  onChange: (value: string[] | null) => void;
  error?: string | undefined;
}

/** With fewer there is nothing to search. */
const SEARCH_FROM = 8;
const MOST_SHOWN = 300;

/** Every model, or chosen ones. */
export function ModelChoice({ label, value, onChange, error }: ModelChoiceProps) {
  const { data: models } = useModels();
  const [search, setSearch] = useState('');
  // What was chosen before is offered again after a look at “all”.
  const [chosenBefore, setChosenBefore] = useState<readonly string[]>(value ?? []);
  const known = models?.map((model) => model.id) ?? [];
  // A model that is gone stays on the list until the owner takes it off.
  const ids = [...known, ...(value ?? []).filter((model) => !known.includes(model))];
  const hints = new Map(models?.map((model) => [model.id, hintOf(model)]));
  const wanted = search.trim().toLowerCase();
  const found = ids.filter((model) => model.toLowerCase().includes(wanted));

  function toggle(model: string, on: boolean) {
    const next = on ? [...(value ?? []), model] : (value ?? []).filter((other) => other !== model);
    setChosenBefore(next);
    onChange(next);
  }
  return (
    <FieldGroup
      label={label}
      note={value === null ? undefined : `${whole(value.length)} of ${whole(ids.length)}`}
    >
      <SegmentedControl
        aria-label={label}
        value={value === null ? 'all' : 'chosen'}
        onChange={(choice) => onChange(choice === 'all' ? null : [...chosenBefore])}
        data={[
          { value: 'all', label: 'All models' },
          { value: 'chosen', label: 'Chosen ones' },
        ]}
      />
      {value === null ? (
        <p className={classes.help}>Also those that are published later.</p>
      ) : (
        <>
          <div className={classes.box}>
            {ids.length > SEARCH_FROM && (
              <TextInput
                className={classes.search ?? ''}
                variant="unstyled"
                type="search"
                aria-label="Find a model"
                placeholder="Find a model"
                value={search}
                onChange={(event) => setSearch(event.currentTarget.value)}
                leftSection={<IconSearch size={14} stroke={1.5} />}
              />
            )}
            <ul className={classes.list}>
              {found.slice(0, MOST_SHOWN).map((model) => (
                <li key={model}>
                  <Checkbox
                    className={classes.option ?? ''}
                    label={
                      <>
                        <code>{model}</code> <span className={classes.hint}>{hints.get(model)}</span>
                      </>
                    }
                    checked={value.includes(model)}
                    onChange={(event) => toggle(model, event.currentTarget.checked)}
                  />
                </li>
              ))}
              {found.length === 0 && <li className={classes.none}>Nothing found</li>}
            </ul>
          </div>
          <p className={classes.help} data-bad={error !== undefined || undefined}>
            {error ?? helpFor(value)}
          </p>
        </>
      )}
    </FieldGroup>
  );
}

/** What keeps a model from answering, or what it stands for. */
function hintOf({ enabled, aliasOf, bound }: Model): string {
  if (!enabled) return 'off';
  if (aliasOf !== null) return `stands for ${aliasOf}`;
  return bound ? '' : 'not bound yet';
}

function helpFor(value: readonly string[]): string {
  if (value.length === 0) return 'None chosen: every request is refused.';
  return 'Others are refused with 403 model_not_allowed.';
}
