import { Select, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { Settings, SettingsPatch } from '../../../gateway/doors/admin/contract.ts';
import { sendJson } from '../../api/admin-api.ts';
import { CONFIG } from '../../api/query-keys.ts';
import { useAdminForm } from '../../components/admin-form.ts';
import { FormDrawer } from '../../components/form-drawer.tsx';
import { addressText, namingAddress, parseAddresses } from '../../people/addresses.ts';

const HEADERS = [
  { value: 'x-forwarded-for', label: 'X-Forwarded-For' },
  { value: 'forwarded', label: 'Forwarded' },
];

interface ProxiesDrawerProps {
  settings: Settings;
  onClose: () => void;
}

/** Who may say for whom they ask, and in which header. */
export function ProxiesDrawer({ settings, onClose }: ProxiesDrawerProps) {
  const client = useQueryClient();
  const { form, busy, refusal, submit } = useAdminForm({
    initialValues: {
      trustedProxies: addressText(settings.trustedProxies),
      trustedProxyHeader: settings.trustedProxyHeader,
    },
    send: ({ trustedProxies, trustedProxyHeader }) => {
      const proxies = parseAddresses(trustedProxies) ?? [];
      const patch: SettingsPatch = { trustedProxies: proxies, trustedProxyHeader };
      return namingAddress(trustedProxies, () => sendJson('PATCH', '/settings', patch));
    },
    onDone: () => {
      void client.invalidateQueries({ queryKey: [CONFIG] });
      onClose();
    },
  });
  return (
    <FormDrawer
      title="Trusted proxies"
      onClose={onClose}
      onSubmit={submit}
      submitLabel="Save"
      busy={busy}
      refusal={refusal}
      dirty={form.isDirty()}
      follows="Holds from the next request on: blocks, lists of addresses, alerts and the audit log go by the true address."
    >
      <p className="secondary">
        Name only proxies that are yours: whoever is named here can claim any address. The panel and its API
        stay closed to all that comes through a proxy.
      </p>
      <Textarea
        label="Addresses"
        placeholder="None"
        description="One address or range a line, such as 127.0.0.1 for a proxy on this computer."
        minRows={3}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
        data-autofocus
        {...form.getInputProps('trustedProxies')}
      />
      <Select
        label="Header"
        data={HEADERS}
        allowDeselect={false}
        description="The one that your proxy writes. What a client sends in the other is not looked at."
        {...form.getInputProps('trustedProxyHeader')}
      />
    </FormDrawer>
  );
}
