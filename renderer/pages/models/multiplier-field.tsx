import { NumberInput, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { whole } from '../../format.ts';
import classes from './model-fields.module.css';
import type { ModelFormProps } from './target-list.tsx';

const USUAL = ['1', '1.5', '3'];
const OTHER = 'other';
/** A request to reckon with. */
const EXAMPLE = { input: 1_800, output: 3_400 };

/** How many prepaid tokens one used token costs. */
export function MultiplierField({ form, ofAlias = false }: ModelFormProps & { ofAlias?: boolean }) {
  const { multiplier } = form.getValues();
  const [other, setOther] = useState(!USUAL.includes(String(multiplier)));
  // Doubles make 5,720.000000000001 of x1.1.
  const product = ((EXAMPLE.input + EXAMPLE.output) * Number(multiplier)).toFixed(6);
  const charged = ofAlias && Number(multiplier) === 1 ? 0 : Math.ceil(Number(product));
  return (
    <div>
      <div className={classes.head}>
        <b>Multiplier</b>
        <span>{ofAlias ? 'Of the alias; x1 takes the model’s' : 'How prepaid tokens are charged'}</span>
      </div>
      <div className={classes.line}>
        <SegmentedControl
          aria-label="Multiplier"
          data={[...USUAL.map((value) => ({ value, label: `x${value}` })), { value: OTHER, label: 'Other' }]}
          value={other ? OTHER : String(multiplier)}
          onChange={(value) => {
            setOther(value === OTHER);
            if (value !== OTHER) form.setFieldValue('multiplier', Number(value));
          }}
        />
        {other && (
          <NumberInput
            aria-label="Other multiplier"
            leftSection="x"
            w={90}
            min={0}
            max={1_000}
            decimalScale={3}
            {...form.getInputProps('multiplier')}
          />
        )}
        {charged > 0 && (
          <span className="muted">
            {whole(EXAMPLE.input)} in + {whole(EXAMPLE.output)} out charges{' '}
            <b className={classes.sum}>{whole(charged)}</b>
          </span>
        )}
      </div>
    </div>
  );
}
