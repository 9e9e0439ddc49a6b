import { TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { amountInput, amountWords, type Metric, parseAmount } from './amounts.ts';

export interface AmountFieldProps {
  label: string;
  metric: Metric;
  value: string;
  onChange: (text: string) => void;
  error?: ReactNode;
  /** Where what was typed needs no telling. */
  help?: string;
  autoFocus?: boolean;
  /** In a row of fields: the label is for screen readers, what was understood for none. */
  inRow?: boolean;
}

const UNITS: Record<Metric, string> = {
  requests: 'requests',
  tokens: 'tokens',
  images: 'images',
  cost: '$',
};

/** An amount as people write it, such as `16 M`; it says what it understood. */
export function AmountField(props: AmountFieldProps) {
  const { label, metric, value, onChange, error, help, autoFocus = false, inRow = false } = props;
  const amount = parseAmount(value, metric);
  // What stands there in full needs no telling.
  const isPlain = amount === null || amountInput(amount, metric) === value;
  const understood = isPlain ? (help ?? EXAMPLES[metric]) : amountWords(amount, metric);
  return (
    <TextInput
      {...(inRow ? { 'aria-label': label } : { label, description: understood })}
      value={value}
      inputMode="decimal"
      autoComplete="off"
      onChange={(event) => onChange(event.currentTarget.value)}
      onBlur={() => amount !== null && onChange(amountInput(amount, metric))}
      error={error}
      {...(autoFocus ? { 'data-autofocus': true } : {})}
      {...(metric === 'cost' ? { leftSection: UNITS.cost, leftSectionWidth: 26 } : {})}
      {...(metric !== 'cost' && !inRow
        ? { rightSection: <span className="muted">{UNITS[metric]}</span>, rightSectionWidth: 76 }
        : {})}
    />
  );
}

const EXAMPLES: Record<Metric, string> = {
  requests: 'Such as 600.',
  tokens: 'Such as 500 k or 16 M.',
  images: 'Such as 50.',
  cost: 'Such as 20 or 350.50.',
};

/** What to say of a text that is no amount. */
export function amountError(text: string, metric: Metric): string | null {
  if (parseAmount(text, metric) !== null) return null;
  return text.trim() === '' ? 'How much is missing.' : `This is no amount. ${EXAMPLES[metric]}`;
}
