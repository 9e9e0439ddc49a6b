import { Switch } from '@mantine/core';
import type { Member, MemberPatch } from '../../../gateway/doors/admin/contract.ts';
import { sendJson } from '../../api/admin-api.ts';
import { useAdminForm } from '../../components/admin-form.ts';
import { FormDrawer } from '../../components/form-drawer.tsx';
import { addressText, namingAddress, parseAddresses } from '../../people/addresses.ts';
import { AddressesField } from '../../people/addresses-field.tsx';
import { ModelChoice } from '../../people/model-choice.tsx';
import { useRefresh } from '../../people/use-act.ts';

interface AccessDrawerProps {
  member: Member;
  onClose: () => void;
}

/** Which models, from where, and whether it makes keys itself. */
export function AccessDrawer({ member, onClose }: AccessDrawerProps) {
  const refresh = useRefresh();
  const { form, busy, refusal, submit } = useAdminForm({
    initialValues: {
      allowedModels: member.allowedModels,
      allowedIps: addressText(member.allowedIps),
      selfService: member.selfService,
    },
    send: async ({ allowedIps, ...values }) => {
      const patch: MemberPatch = { ...values, allowedIps: parseAddresses(allowedIps) };
      await namingAddress(allowedIps, () => sendJson('PATCH', `/members/${member.id}`, patch));
      await refresh();
    },
    onDone: onClose,
  });
  return (
    <FormDrawer
      title={`What ${member.name} may use`}
      onClose={onClose}
      onSubmit={submit}
      submitLabel="Save"
      busy={busy}
      refusal={refusal}
      dirty={form.isDirty()}
      follows="Holds from the next request on."
    >
      <ModelChoice
        label="Models"
        value={form.values.allowedModels}
        onChange={(models) => form.setFieldValue('allowedModels', models)}
      />
      <AddressesField {...form.getInputProps('allowedIps')} />
      <Switch
        label="Makes and revokes its own keys"
        description="By the routes /tenant/keys, with a key it has. Its keys never do more than the member may."
        {...form.getInputProps('selfService', { type: 'checkbox' })}
      />
    </FormDrawer>
  );
}
