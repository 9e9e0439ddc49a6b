import { SegmentedControl, Switch, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import { z } from 'zod';
import type { CreatedKey, LimitInput, Member, NewMember } from '../../../gateway/doors/admin/contract.ts';
import { sendJson } from '../../api/admin-api.ts';
import { useAdminForm } from '../../components/admin-form.ts';
import { FormDrawer } from '../../components/form-drawer.tsx';
import { namingAddress, parseAddresses } from '../../people/addresses.ts';
import { AddressesField } from '../../people/addresses-field.tsx';
import { AmountField } from '../../people/amount-field.tsx';
import { parseAmount } from '../../people/amounts.ts';
import { emailField, nameField } from '../../people/fields.ts';
import { MadeKey } from '../../people/made-key.tsx';
import { ModelChoice } from '../../people/model-choice.tsx';
import { PlanSelect } from '../../people/plan-select.tsx';
import { useRefresh } from '../../people/use-act.ts';
import { DEFAULT_PLAN } from './default-plan.ts';

/** What the form asks first; the gateway knows members alone. */
export type MemberKind = 'person' | 'tool';

interface AddMemberProps {
  kind: MemberKind;
  onClose: () => void;
}

/** Adds a member, and makes its first key on the way. */
export function AddMember({ kind, onClose }: AddMemberProps) {
  const [made, setMade] = useState<CreatedKey | null>(null);
  if (made !== null) return <MadeKey made={made} onClose={onClose} />;
  return (
    <AddMemberForm
      kind={kind}
      onClose={onClose}
      onDone={(key) => (key === null ? onClose() : setMade(key))}
    />
  );
}

const DAY_SECONDS = 86_400;

const schema = z.object({
  kind: z.enum(['person', 'tool']),
  name: nameField,
  email: emailField,
  planId: z.string(),
  allowedModels: z.array(z.string()).nullable(),
  allowedIps: z.string(),
  budget: z
    .string()
    .refine(
      (text) => text.trim() === '' || parseAmount(text, 'cost') !== null,
      'Write dollars such as 20, or leave it out.',
    ),
  withKey: z.boolean(),
  keyName: z.string(),
});
type Values = z.infer<typeof schema>;

interface AddMemberFormProps extends AddMemberProps {
  onDone: (made: CreatedKey | null) => void;
}

function AddMemberForm({ kind, onClose, onDone }: AddMemberFormProps) {
  const refresh = useRefresh();
  // What is there already is not added twice, should a later step be refused.
  const added = useRef<Member | null>(null);
  const { form, busy, refusal, submit } = useAdminForm<Values, CreatedKey | null>({
    initialValues: {
      kind,
      ...{ name: '', email: '', planId: DEFAULT_PLAN, allowedModels: kind === 'tool' ? [] : null },
      ...{ allowedIps: '', budget: '', withKey: true, keyName: '' },
    },
    schema,
    send: async (values) => {
      added.current = await namingAddress(values.allowedIps, () => sendMember(values, added.current));
      const budget = parseAmount(values.budget, 'cost');
      if (budget !== null) await sendJson('PUT', '/limits', dayBudget(added.current.id, budget));
      if (!values.withKey) return null;
      const name = values.keyName.trim() === '' ? FIRST_KEY : values.keyName.trim();
      return sendJson<CreatedKey>('POST', '/keys', { memberId: added.current.id, name });
    },
    onDone: (made) => {
      void refresh();
      onDone(made);
    },
  });
  const { values } = form;
  const isTool = values.kind === 'tool';

  function setKind(next: MemberKind) {
    const { allowedModels } = values;
    const untouched = allowedModels === null || allowedModels.length === 0;
    form.setValues({ kind: next, ...(untouched ? { allowedModels: next === 'tool' ? [] : null } : {}) });
  }
  return (
    <FormDrawer
      title={isTool ? 'Add tool' : 'Add member'}
      onClose={onClose}
      onSubmit={submit}
      submitLabel={isTool ? 'Add tool' : 'Add member'}
      busy={busy}
      refusal={refusal}
      dirty={form.isDirty()}
      follows={values.withKey ? 'The key is shown once, right after.' : 'Without a key nothing works yet.'}
    >
      <div>
        <SegmentedControl
          aria-label="Who it is for"
          data={[
            { value: 'person', label: 'Person' },
            { value: 'tool', label: 'Tool' },
          ]}
          value={values.kind}
          onChange={(next) => setKind(next as MemberKind)}
        />
      </div>
      <TextInput
        label="Name"
        placeholder={isTool ? 'build agent' : 'Ada'}
        data-autofocus
        {...form.getInputProps('name')}
      />
      {!isTool && (
        <TextInput
          label="Email"
          type="email"
          placeholder="Not needed"
          description="For you to tell who it is; nothing is sent."
          {...form.getInputProps('email')}
        />
      )}
      <PlanSelect {...form.getInputProps('planId')} />
      <ModelChoice
        label="May use"
        value={values.allowedModels}
        onChange={(allowedModels) => form.setFieldValue('allowedModels', allowedModels)}
      />
      <AmountField
        label="Budget a day"
        metric="cost"
        value={values.budget}
        onChange={(budget) => form.setFieldValue('budget', budget)}
        help="Empty for none beside the plan’s."
        error={form.errors.budget}
      />
      {isTool && <AddressesField {...form.getInputProps('allowedIps')} />}
      <Switch
        label="Make its first key"
        checked={values.withKey}
        onChange={(event) => form.setFieldValue('withKey', event.currentTarget.checked)}
      />
      {values.withKey && (
        <TextInput label="Name of the key" placeholder={FIRST_KEY} {...form.getInputProps('keyName')} />
      )}
    </FormDrawer>
  );
}

const FIRST_KEY = 'first key';

function sendMember(values: Values, before: Member | null): Promise<Member> {
  const facts: NewMember = {
    name: values.name,
    email: values.kind === 'tool' || values.email === '' ? null : values.email,
    planId: values.planId,
    allowedModels: values.allowedModels,
    allowedIps: values.kind === 'tool' ? parseAddresses(values.allowedIps) : null,
  };
  if (before !== null) return sendJson<Member>('PATCH', `/members/${before.id}`, facts);
  return sendJson<Member>('POST', '/members', facts);
}

function dayBudget(memberId: string, amount: number): LimitInput {
  return { scope: 'member', subjectId: memberId, metric: 'cost', windowSeconds: DAY_SECONDS, amount };
}
