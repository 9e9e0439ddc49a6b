import { Select } from '@mantine/core';
import { usePlans } from '../api/lists.ts';
import { planLine } from './member-words.ts';

interface PlanSelectProps {
  value?: string;
  onChange: (planId: string) => void;
  error?: unknown;
}

/** A plan, with what it allows under it. */
export function PlanSelect({ value = '', onChange, error }: PlanSelectProps) {
  const { data: plans = [] } = usePlans();
  const chosen = plans.find(({ id }) => id === value);
  return (
    <Select
      label="Plan"
      value={value}
      onChange={(planId) => planId !== null && onChange(planId)}
      data={plans.map(({ id, name }) => ({ value: id, label: name }))}
      searchable={plans.length > 8}
      description={chosen === undefined ? '' : planLine(chosen)}
      {...(typeof error === 'string' ? { error } : {})}
    />
  );
}
