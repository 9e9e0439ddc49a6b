import { Group, NumberInput, TextInput } from '@mantine/core';
import { useRef } from 'react';
import { z } from 'zod';
import type { NewPlan, Plan } from '../../../gateway/doors/admin/contract.ts';
import { sendJson } from '../../api/admin-api.ts';
import { useMembers } from '../../api/lists.ts';
import { useAdminForm } from '../../components/admin-form.ts';
import { FormDrawer } from '../../components/form-drawer.tsx';
import { plural } from '../../format.ts';
import { AmountField } from '../../people/amount-field.tsx';
import { amountInput, parseAmount } from '../../people/amounts.ts';
import { nameField } from '../../people/fields.ts';
import { useLimitDrafts } from '../../people/limit-drafts.ts';
import { LimitsEditor } from '../../people/limits-editor.tsx';
import { useRefresh } from '../../people/use-act.ts';
import { historyWords } from './history-words.ts';

interface PlanDrawerProps {
  /** Null for a new one. */
  plan: Plan | null;
  onClose: () => void;
}

const schema = z.object({
  name: nameField,
  price: z.string().refine((text) => priceOf(text) !== null, 'Write dollars such as 20, or leave it out.'),
  historyDays: whole(36_500),
  pageSizeCap: whole(10_000),
});

/** A plan's facts and limits. */
export function PlanDrawer({ plan, onClose }: PlanDrawerProps) {
  const refresh = useRefresh();
  const limits = useLimitDrafts(plan?.limits ?? []);
  // What is there already is not added twice, should a limit be refused.
  const added = useRef<Plan | null>(plan);
  const { form, busy, refusal, submit } = useAdminForm({
    initialValues: {
      name: plan?.name ?? '',
      price: plan === null || plan.priceMicros === 0 ? '' : amountInput(plan.priceMicros, 'cost'),
      historyDays: (plan?.historyDays ?? 30) as number | string,
      pageSizeCap: (plan?.pageSizeCap ?? 100) as number | string,
    },
    schema,
    send: async ({ name, price, historyDays, pageSizeCap }) => {
      const facts: NewPlan = {
        name,
        priceMicros: priceOf(price) ?? 0,
        historyDays: Number(historyDays),
        pageSizeCap: Number(pageSizeCap),
      };
      added.current =
        added.current === null
          ? await sendJson<Plan>('POST', '/plans', facts)
          : await sendJson<Plan>('PATCH', `/plans/${encodeURIComponent(added.current.id)}`, facts);
      await limits.save({ scope: 'plan', subjectId: added.current.id });
      await refresh();
    },
    onDone: onClose,
    // The id is made from the name.
    fieldOf: (param) => ({ id: 'name', priceMicros: 'price' })[param] ?? null,
  });
  const { values } = form;

  function send() {
    const areFine = limits.check();
    if (areFine) submit();
    else form.validate();
  }
  return (
    <FormDrawer
      title={plan === null ? 'Add plan' : `Plan ${plan.name}`}
      onClose={onClose}
      onSubmit={send}
      submitLabel={plan === null ? 'Add plan' : 'Save'}
      busy={busy}
      refusal={refusal}
      dirty={form.isDirty() || limits.dirty}
      follows={<Follows plan={plan} />}
    >
      <TextInput
        label="Name"
        placeholder="Team"
        {...(plan === null ? { 'data-autofocus': true } : {})}
        {...form.getInputProps('name')}
      />
      <LimitsEditor limits={limits} none="None: whatever its members send is let through." />
      <AmountField
        label="Price a month"
        metric="cost"
        value={values.price}
        onChange={(price) => form.setFieldValue('price', price)}
        help="For GET /pricing and checkout; empty for free."
        error={form.errors.price}
      />
      <Group grow align="flex-start" gap={12}>
        <NumberInput
          label="History"
          description={historyHelp(values.historyDays)}
          suffix=" days"
          min={1}
          max={36_500}
          allowDecimal={false}
          {...form.getInputProps('historyDays')}
        />
        <NumberInput
          label="Page size, most"
          description="Rows a page of a member’s lists."
          suffix=" rows"
          min={1}
          max={10_000}
          allowDecimal={false}
          {...form.getInputProps('pageSizeCap')}
        />
      </Group>
    </FormDrawer>
  );
}

function Follows({ plan }: { plan: Plan | null }) {
  const { data: members } = useMembers();
  if (plan === null) return 'Nobody has it until you give it.';
  const amount = members?.filter(({ planId }) => planId === plan.id).length ?? 0;
  if (amount === 0) return 'Nobody has it now.';
  return `Holds for ${plural(amount, 'member')} from the next request on.`;
}

function historyHelp(days: number | string): string {
  const words = historyWords(Number(days));
  return words.includes('year')
    ? `${words}: how far back a member’s lists reach.`
    : 'How far back a member’s lists reach.';
}

/** Empty is free. */
function priceOf(text: string): number | null {
  return text.trim() === '' ? 0 : parseAmount(text, 'cost');
}

function whole(most: number) {
  return z.coerce
    .number()
    .int('Write a whole number.')
    .min(1, 'Write 1 or more.')
    .max(most, `Write ${most.toLocaleString('en-US')} at most.`);
}
