import { ActionIcon, Button, Select } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useModels } from '../api/lists.ts';
import { AmountField } from './amount-field.tsx';
import { FieldGroup } from './field-group.tsx';
import type { LimitDraft, LimitDrafts } from './limit-drafts.ts';
import { METRICS, WINDOWS } from './limit-words.ts';
import classes from './limits-editor.module.css';

interface LimitsEditorProps {
  limits: LimitDrafts;
  /** What stands where there are none. */
  none: ReactNode;
}

/** A subject's limits as lines: how much of what, in which window, for which model. */
export function LimitsEditor({ limits, none }: LimitsEditorProps) {
  return (
    <FieldGroup
      label="Limits"
      aside={
        <Button size="compact-sm" leftSection={<IconPlus size={14} />} onClick={() => limits.add()}>
          Add limit
        </Button>
      }
    >
      {limits.drafts.length === 0 && <p className={classes.none}>{none}</p>}
      {limits.drafts.map((draft, index) => (
        <Line key={draft.id} draft={draft} number={index + 1} limits={limits} />
      ))}
    </FieldGroup>
  );
}

function Line({ draft, number, limits }: { draft: LimitDraft; number: number; limits: LimitDrafts }) {
  const { data: models = [] } = useModels();
  const error = limits.errors.get(draft.id);
  const change = (patch: Partial<LimitDraft>) => limits.change(draft.id, patch);
  return (
    <fieldset className={classes.one} aria-label={`Limit ${number}`}>
      <div className={classes.line}>
        <AmountField
          inRow
          label="Amount"
          metric={draft.metric}
          value={draft.amount}
          onChange={(amount) => change({ amount })}
          error={error !== undefined}
        />
        <Select
          aria-label="Of"
          data={METRICS.map(({ value, label }) => ({ value, label: label.toLowerCase() }))}
          value={draft.metric}
          onChange={(metric) => metric !== null && change({ metric: metric as LimitDraft['metric'] })}
        />
        <Select
          aria-label="In"
          data={WINDOWS.map(({ value, label }) => ({ value, label: `/ ${label}` }))}
          value={String(draft.windowSeconds)}
          onChange={(seconds) => change({ windowSeconds: Number(seconds) as LimitDraft['windowSeconds'] })}
        />
        <Select
          aria-label="For"
          searchable
          data={[
            { value: ALL, label: 'all models' },
            ...modelOptions(
              models.map(({ id }) => id),
              draft.model,
            ),
          ]}
          value={draft.model ?? ALL}
          onChange={(model) => change({ model: model === ALL ? null : model })}
        />
        <ActionIcon aria-label={`Take limit ${number} off`} onClick={() => limits.remove(draft.id)}>
          <IconX size={15} stroke={1.5} />
        </ActionIcon>
      </div>
      {error !== undefined && <p className={classes.error}>{error}</p>}
    </fieldset>
  );
}

/** No model is called so. */
const ALL = '*';

/** A model that is gone stays nameable. */
function modelOptions(ids: readonly string[], chosen: string | null): string[] {
  return chosen === null || ids.includes(chosen) ? [...ids] : [...ids, chosen];
}
