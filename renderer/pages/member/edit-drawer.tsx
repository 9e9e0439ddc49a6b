import { TextInput } from '@mantine/core';
import { z } from 'zod';
import type { Member, MemberPatch } from '../../../gateway/doors/admin/contract.ts';
import { sendJson } from '../../api/admin-api.ts';
import { useAdminForm } from '../../components/admin-form.ts';
import { FormDrawer } from '../../components/form-drawer.tsx';
import { emailField, nameField } from '../../people/fields.ts';
import { PlanSelect } from '../../people/plan-select.tsx';
import { useRefresh } from '../../people/use-act.ts';

interface EditDrawerProps {
  member: Member;
  onClose: () => void;
  onDelete: () => void;
}

const schema = z.object({
  name: nameField,
  email: emailField,
  planId: z.string(),
});

/** Who a member is and which plan it has. */
export function EditDrawer({ member, onClose, onDelete }: EditDrawerProps) {
  const refresh = useRefresh();
  const { form, busy, refusal, submit } = useAdminForm({
    initialValues: { name: member.name, email: member.email ?? '', planId: member.planId },
    schema,
    send: async ({ email, ...values }) => {
      const patch: MemberPatch = { ...values, email: email === '' ? null : email };
      await sendJson('PATCH', `/members/${member.id}`, patch);
      await refresh();
    },
    onDone: onClose,
  });
  return (
    <FormDrawer
      title={`Edit ${member.name}`}
      onClose={onClose}
      onSubmit={submit}
      submitLabel="Save"
      busy={busy}
      refusal={refusal}
      dirty={form.isDirty()}
      onDelete={() => {
        onClose();
        onDelete();
      }}
    >
      <TextInput label="Name" data-autofocus {...form.getInputProps('name')} />
      <TextInput
        label="Email"
        type="email"
        placeholder="Not needed"
        description="For you to tell who it is; nothing is sent."
        {...form.getInputProps('email')}
      />
      <PlanSelect {...form.getInputProps('planId')} />
    </FormDrawer>
  );
}
