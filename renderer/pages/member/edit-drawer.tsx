import { TextInput } from '@mantine/core';
import { z } from 'zod';
import { type Member, type MemberPatch, Name } from '../../../gateway/doors/admin/contract.ts';
import { sendJson } from '../../api/admin-api.ts';
import { useAdminForm } from '../../components/admin-form.ts';
import { FormDrawer } from '../../components/form-drawer.tsx';
import { PlanSelect } from '../../people/plan-select.tsx';
import { useRefresh } from '../../people/use-act.ts';

interface EditDrawerProps {
  member: Member;
  onClose: () => void;
  onDelete: () => void;
}

const schema = z.object({
  name: Name.min(1, 'A name is missing.'),
  email: z.union([z.literal(''), z.email('Write an address such as ada@example.com, or leave it out.')]),
  planId: z.string(),
});

/** Who a member is and which plan it has. */
export function EditDrawer({ member, onClose, onDelete }: EditDrawerProps) {
  const refresh = useRefresh();
  const { form, busy, refusal, submit } = useAdminForm({
    initialValues: { name: member.name, email: member.email ?? '', planId: member.planId },
    schema,
    send: ({ email, ...values }) => {
      const patch: MemberPatch = { ...values, email: email === '' ? null : email };
      return sendJson<Member>('PATCH', `/members/${member.id}`, patch);
    },
    onDone: () => {
      void refresh();
      onClose();
    },
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
