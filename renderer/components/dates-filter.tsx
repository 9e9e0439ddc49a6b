import { Button, Group, Popover, TextInput } from '@mantine/core';
import { IconCalendar } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import classes from './dates-filter.module.css';

interface DatesFilterProps {
  /** Two days as `2026-11-19`; null where another span is chosen. */
  value: readonly [first: string, last: string] | null;
  /** What the button says of them. */
  label?: string;
  onChange: (first: string, last: string) => void;
}

/** A span of the owner's own days, both of them included. */
export function DatesFilter({ value, label, onChange }: DatesFilterProps) {
  const [open, setOpen] = useState(false);
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" trapFocus withinPortal>
      <Popover.Target>
        <Button
          size="compact-sm"
          className={classes.button ?? ''}
          data-chosen={value !== null || undefined}
          leftSection={<IconCalendar size={14} stroke={1.5} />}
          onClick={() => setOpen(!open)}
        >
          {label ?? 'Dates'}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <DatesForm
          value={value}
          onSubmit={(first, last) => {
            onChange(first, last);
            setOpen(false);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}

function DatesForm({
  value,
  onSubmit,
}: {
  value: DatesFilterProps['value'];
  onSubmit: (first: string, last: string) => void;
}) {
  const [first, setFirst] = useState(value?.[0] ?? '');
  const [last, setLast] = useState(value?.[1] ?? '');
  const [error, setError] = useState<string | null>(null);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (first === '' || last === '') setError('Choose both days.');
    else if (first > last) setError('The last day lies before the first.');
    else onSubmit(first, last);
  }
  return (
    <form onSubmit={submit} noValidate className={classes.form}>
      <Group gap={8} align="flex-start">
        <TextInput
          label="First day"
          type="date"
          w={150}
          value={first}
          onChange={(event) => setFirst(event.currentTarget.value)}
        />
        <TextInput
          label="Last day"
          type="date"
          w={150}
          value={last}
          onChange={(event) => setLast(event.currentTarget.value)}
        />
      </Group>
      {error !== null && (
        <p role="alert" className={classes.error}>
          {error}
        </p>
      )}
      <Group justify="flex-end">
        <Button type="submit">Show</Button>
      </Group>
    </form>
  );
}
