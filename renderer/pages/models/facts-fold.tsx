import { Checkbox, NumberInput, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { Facts } from '../../../gateway/doors/admin/contract.ts';
import { Fold } from '../../components/fold.tsx';
import { compact, whole } from '../../format.ts';
import classes from './model-fields.module.css';
import type { ModelFormProps } from './target-list.tsx';

interface FactsFoldProps extends ModelFormProps {
  /** What is known without the owner's word; null for a new model. */
  known: Facts | null;
}

type ListFact = 'inputModalities' | 'efforts' | 'thinking';

/** All there are. */
const CHOICES: Readonly<Record<ListFact, readonly string[]>> = {
  inputModalities: Facts.shape.inputModalities.unwrap().element.options,
  efforts: Facts.shape.efforts.unwrap().element.options,
  thinking: Facts.shape.thinking.unwrap().element.options,
};

/** What the model can do: mostly known, and the owner's word goes before. */
export function FactsFold({ form, known }: FactsFoldProps) {
  const [open, setOpen] = useState(false);
  return (
    <Fold title="What it can do" note={noteOf(known)} open={open} onToggle={() => setOpen(!open)}>
      <div className={classes.pair}>
        <TokensField
          form={form}
          field="contextWindow"
          label="Context, tokens"
          known={known?.contextWindow ?? null}
        />
        <TokensField
          form={form}
          field="maxOutputTokens"
          label="Longest answer, tokens"
          known={known?.maxOutputTokens ?? null}
        />
      </div>
      <ListField form={form} field="inputModalities" label="Takes" known={known} />
      <ListField form={form} field="efforts" label="Efforts of reasoning" known={known} />
      <ListField form={form} field="thinking" label="Thinking, in Anthropic’s style" known={known} />
      <SamplingField form={form} known={known} />
    </Fold>
  );
}

function noteOf(known: Facts | null): string {
  const context = known?.contextWindow;
  const words = [
    context == null ? '' : `${compact(context)} context`,
    known?.inputModalities?.join(', ') ?? '',
  ];
  return words.filter((word) => word !== '').join(' · ');
}

interface TokensFieldProps extends ModelFormProps {
  field: 'contextWindow' | 'maxOutputTokens';
  label: string;
  known: number | null;
}

function TokensField({ form, field, label, known }: TokensFieldProps) {
  return (
    <NumberInput
      label={label}
      placeholder={known === null ? 'Nobody knows' : `${whole(known)}, as known`}
      min={1}
      allowDecimal={false}
      {...form.getInputProps(`facts.${field}`)}
    />
  );
}

interface ListFieldProps extends ModelFormProps {
  field: ListFact;
  label: string;
  known: Facts | null;
}

/** As known, or what the owner says: any of the choices, or none of them. */
function ListField({ form, field, label, known }: ListFieldProps) {
  const own = form.getValues().facts[field];
  const knownList = known?.[field] ?? null;
  return (
    <div>
      <div className={classes.head}>
        <b>{label}</b>
        {own === null && <span>{wordsOf(knownList)}</span>}
        <SegmentedControl
          className={classes.aside ?? ''}
          aria-label={label}
          data={['As known', 'My word']}
          value={own === null ? 'As known' : 'My word'}
          onChange={(value) =>
            form.setFieldValue(`facts.${field}`, value === 'As known' ? null : (knownList ?? []))
          }
        />
      </div>
      {own !== null && (
        <Checkbox.Group
          aria-label={label}
          value={[...own]}
          onChange={(value) => form.setFieldValue(`facts.${field}`, value as never)}
        >
          <div className={classes.choices}>
            {CHOICES[field].map((choice) => (
              <Checkbox key={choice} value={choice} label={choice} />
            ))}
          </div>
        </Checkbox.Group>
      )}
    </div>
  );
}

function wordsOf(known: readonly string[] | null): string {
  if (known === null) return 'nobody knows';
  return known.length === 0 ? 'none' : known.join(', ');
}

const SAMPLING = ['As known', 'Yes', 'No'];

function SamplingField({ form, known }: FactsFoldProps) {
  const own = form.getValues().facts.sampling;
  const words = known?.sampling == null ? 'nobody knows' : known.sampling ? 'yes' : 'no';
  return (
    <div className={classes.head}>
      <b>Takes temperature and the like</b>
      {own === null && <span>{words}</span>}
      <SegmentedControl
        className={classes.aside ?? ''}
        aria-label="Takes temperature and the like"
        data={SAMPLING}
        value={own === null ? 'As known' : own ? 'Yes' : 'No'}
        onChange={(value) =>
          form.setFieldValue('facts.sampling', value === 'As known' ? null : value === 'Yes')
        }
      />
    </div>
  );
}
