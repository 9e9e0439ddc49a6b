import { useLocation } from 'wouter';
import type { Member, MemberPatch } from '../../../gateway/doors/admin/contract.ts';
import { sendJson } from '../../api/admin-api.ts';
import { useAdminForm } from '../../components/admin-form.ts';
import { FormDrawer } from '../../components/form-drawer.tsx';
import { plural } from '../../format.ts';
import { memberPath } from '../../people/member-words.ts';
import { ModelChoice } from '../../people/model-choice.tsx';
import { PlanSelect } from '../../people/plan-select.tsx';
import { useRefresh } from '../../people/use-act.ts';

interface ApproveDrawerProps {
  member: Member;
  onClose: () => void;
}

/** Lets somebody in who asked, on what terms. */
export function ApproveDrawer({ member, onClose }: ApproveDrawerProps) {
  const refresh = useRefresh();
  const [, navigate] = useLocation();
  const { form, busy, refusal, submit } = useAdminForm({
    initialValues: { planId: member.planId, allowedModels: member.allowedModels },
    send: async (values) => {
      const patch: MemberPatch = { ...values, status: 'active' };
      await sendJson('PATCH', `/members/${member.id}`, patch);
      await refresh();
    },
    onDone: () => {
      onClose();
      // Without a key nothing works yet: the member's page is where one is made.
      if (member.keys === 0) navigate(memberPath(member.id));
    },
  });
  return (
    <FormDrawer
      title={`Approve ${member.name}`}
      onClose={onClose}
      onSubmit={submit}
      submitLabel="Approve"
      busy={busy}
      refusal={refusal}
      dirty={form.isDirty()}
      follows={followsWords(member)}
    >
      <PlanSelect {...form.getInputProps('planId')} />
      <ModelChoice
        label="May use"
        value={form.values.allowedModels}
        onChange={(models) => form.setFieldValue('allowedModels', models)}
        {...errorOf(form.errors.allowedModels)}
      />
    </FormDrawer>
  );
}

function followsWords({ name, keys }: Member): string {
  if (keys === 0) return `${name} needs a key then; you make it next.`;
  return `The ${plural(keys, 'key')} made for ${name} work${keys === 1 ? 's' : ''} at once.`;
}

function errorOf(error: unknown): { error?: string } {
  return typeof error === 'string' ? { error } : {};
}
