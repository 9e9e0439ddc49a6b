import { Select, Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { IpBlock } from '../../../gateway/doors/admin/contract.ts';
import { sendJson } from '../../api/admin-api.ts';
import { CONFIG } from '../../api/query-keys.ts';
import { useAdminForm } from '../../components/admin-form.ts';
import { FormDrawer } from '../../components/form-drawer.tsx';
import { Notice } from '../../components/states.tsx';
import { type AddressRange, readRange } from './address-range.ts';
import { EXPIRIES, type Expiry, expiresAt } from './block-expiry.ts';

interface Values extends Record<string, unknown> {
  cidr: string;
  reason: string;
  expiry: Expiry;
  /** Of a date and time field, in local time. */
  at: string;
}

/** Keeps an address or a range out. `address` is one that another page asks about. */
export function BlockDrawer({ address, onClose }: { address: string; onClose: () => void }) {
  const client = useQueryClient();
  const { form, busy, refusal, submit } = useAdminForm<Values, IpBlock>({
    initialValues: { cidr: address, reason: '', expiry: 'good', at: '' },
    send: ({ cidr, reason, expiry, at }) =>
      sendJson('POST', '/ip-blocks', {
        cidr: cidr.trim(),
        ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
        expiresAt: expiresAt(expiry, at, Date.now()),
      }),
    fieldOf: (param) => (param === 'expiresAt' ? 'at' : null),
    onDone: () => {
      void client.invalidateQueries({ queryKey: [CONFIG] });
      onClose();
    },
  });
  const { cidr, expiry } = form.getValues();
  const range = readRange(cidr);

  function check() {
    const errors: Record<string, string> = {};
    if (cidr.trim() === '') errors.cidr = 'Write an address or a range.';
    else if (range === undefined)
      errors.cidr = 'Write an address, or a range such as 10.0.0.0/8 or 2001:db8::/32.';
    if (expiry === 'own' && form.getValues().at === '') errors.at = 'Choose when the block ends.';
    form.setErrors(errors);
    if (Object.keys(errors).length === 0) submit();
  }
  return (
    <FormDrawer
      title="Block an address"
      onClose={onClose}
      onSubmit={check}
      submitLabel="Block"
      busy={busy}
      refusal={refusal}
      dirty={form.isDirty()}
      follows="Holds from the next request on: 403 ip_blocked, whatever its key."
    >
      <TextInput
        label="Address or range"
        placeholder="192.168.1.203 or 203.0.113.0/24"
        description={helpOf(range, form.errors.cidr)}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        data-autofocus
        {...form.getInputProps('cidr')}
      />
      {range?.hasThisComputer === true && (
        <Notice tone="warn">
          This computer is in there: tools that run on it are refused too. This panel goes on.
        </Notice>
      )}
      <Textarea
        label="Why"
        placeholder="Guest Wi-Fi"
        description="For you, in the list."
        minRows={2}
        {...form.getInputProps('reason')}
      />
      <Select label="Until" data={[...EXPIRIES]} {...form.getInputProps('expiry')} />
      {expiry === 'own' && <TextInput label="Ends at" type="datetime-local" {...form.getInputProps('at')} />}
    </FormDrawer>
  );
}

/** An error stands in its place. */
function helpOf(range: AddressRange | undefined, error: unknown): string | null {
  if (error != null) return null;
  return range === undefined ? 'IPv4 or IPv6, a range as CIDR.' : capital(`${range.size}.`);
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
