import { Textarea } from '@mantine/core';

interface AddressesFieldProps {
  value?: string;
  onChange: (text: string) => void;
  error?: unknown;
}

/** Where a member may call from. */
export function AddressesField({ value = '', onChange, error }: AddressesFieldProps) {
  return (
    <Textarea
      label="From"
      placeholder="Any address"
      description="One address or range a line, such as 192.168.1.12 or 10.0.0.0/8. From elsewhere its keys are refused with 403 ip_blocked."
      minRows={2}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      {...(typeof error === 'string' ? { error } : {})}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
    />
  );
}
