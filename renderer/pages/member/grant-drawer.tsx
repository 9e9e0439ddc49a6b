import { SegmentedControl, TextInput } from '@mantine/core';
import { z } from 'zod';
import type { Member, NewGrant } from '../../../gateway/doors/admin/contract.ts';
import { sendJson } from '../../api/admin-api.ts';
import { useAdminForm } from '../../components/admin-form.ts';
import { FormDrawer } from '../../components/form-drawer.tsx';
import { Notice } from '../../components/states.tsx';
import { dollars, whole } from '../../format.ts';
import { AmountField, amountError } from '../../people/amount-field.tsx';
import { parseAmount } from '../../people/amounts.ts';
import { useRefresh } from '../../people/use-act.ts';

interface GrantDrawerProps {
  member: Member;
  onClose: () => void;
}

const schema = z
  .object({ metric: z.enum(['tokens', 'cost']), amount: z.string(), note: z.string().max(500) })
  .superRefine(({ amount, metric }, context) => {
    const value = parseAmount(amount, metric);
    const message = value === 0 ? 'Grant more than nothing.' : amountError(amount, metric);
    if (message !== null) context.addIssue({ code: 'custom', path: ['amount'], message });
  });

/** Adds to a member's balance. */
export function GrantDrawer({ member, onClose }: GrantDrawerProps) {
  const refresh = useRefresh();
  const { form, busy, refusal, submit } = useAdminForm({
    initialValues: { metric: 'tokens' as 'tokens' | 'cost', amount: '', note: '' },
    schema,
    send: async ({ metric, amount, note }) => {
      const value = parseAmount(amount, metric) ?? 0;
      const what = metric === 'tokens' ? { tokens: value } : { micros: value };
      const grant: NewGrant = { ...what, note: note.trim() === '' ? null : note };
      await sendJson('POST', `/members/${member.id}/grants`, grant);
      await refresh();
    },
    onDone: onClose,
    fieldOf: (param) => (param === 'tokens' || param === 'micros' ? 'amount' : null),
  });
  const { metric, amount } = form.values;
  const value = parseAmount(amount, metric);
  return (
    <FormDrawer
      title={`Grant to ${member.name}`}
      onClose={onClose}
      onSubmit={submit}
      submitLabel="Grant"
      busy={busy}
      refusal={refusal}
      dirty={form.isDirty()}
      follows={value === null ? 'A grant cannot be taken back.' : afterWords(member, metric, value)}
    >
      <div>
        <SegmentedControl
          aria-label="What to grant"
          data={[
            { value: 'tokens', label: 'Tokens' },
            { value: 'cost', label: 'Dollars' },
          ]}
          {...form.getInputProps('metric')}
        />
      </div>
      <AmountField
        label="Amount"
        metric={metric}
        autoFocus
        value={amount}
        onChange={(text) => form.setFieldValue('amount', text)}
        error={form.errors.amount}
      />
      <TextInput
        label="Note"
        placeholder="Release week"
        description="For you: it stands in the ledger."
        {...form.getInputProps('note')}
      />
      {!member.prepaid && (
        <Notice tone="info">
          {member.name} is not prepaid: only its pay-per-token keys pay from this. Switch Prepaid on for the
          others.
        </Notice>
      )}
    </FormDrawer>
  );
}

function afterWords({ balance }: Member, metric: 'tokens' | 'cost', value: number): string {
  if (metric === 'tokens') return `Then ${whole(balance.tokens + value)} tokens.`;
  return `Then ${dollars(balance.micros + value)}.`;
}
