import { Checkbox, NumberInput, Radio, Stack } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { Sharing, SharingAddress, SharingChange } from '../../../../gateway/doors/admin/contract.ts';
import { sendJson } from '../../../api/admin-api.ts';
import { CONFIG } from '../../../api/query-keys.ts';
import { useAdminForm } from '../../../components/admin-form.ts';
import { FormDrawer } from '../../../components/form-drawer.tsx';

interface AddressesDrawerProps {
  sharing: Sharing;
  onClose: () => void;
}

/** At which of this computer's addresses, and at which ports. */
export function AddressesDrawer({ sharing, onClose }: AddressesDrawerProps) {
  const client = useQueryClient();
  const { form, busy, refusal, submit } = useAdminForm({
    initialValues: {
      which: sharing.addresses === null ? 'private' : 'chosen',
      addresses: [...(sharing.addresses ?? [])],
      port: sharing.port as number | string,
      plainPort: sharing.plainPort as number | string,
    },
    send: ({ which, addresses, port, plainPort }) => {
      const change: SharingChange = {
        addresses: which === 'private' ? null : addresses,
        ...{ port: Number(port), plainPort: Number(plainPort) },
      };
      return sendJson('PUT', '/sharing', change);
    },
    onDone: () => {
      void client.invalidateQueries({ queryKey: [CONFIG] });
      onClose();
    },
  });
  const { which } = form.values;
  return (
    <FormDrawer
      title="Where it is shared"
      onClose={onClose}
      onSubmit={submit}
      submitLabel="Save"
      busy={busy}
      refusal={refusal}
      dirty={form.isDirty()}
      follows="Holds at once. What runs over an address that is given up goes on to its end."
    >
      <Radio.Group label="Addresses" {...form.getInputProps('which')}>
        <Stack gap={8} pt={4}>
          <Radio
            value="private"
            label="Every private address"
            description="As they come and go. Only private callers are let in."
          />
          <Radio
            value="chosen"
            label="Those chosen here"
            description="Callers from this computer’s other networks are not let in."
          />
        </Stack>
      </Radio.Group>
      {which === 'chosen' && (
        <Checkbox.Group label="This computer’s addresses" {...form.getInputProps('addresses')}>
          <Stack gap={8} pt={4}>
            {choices(sharing).map((address) => (
              <Checkbox
                key={address.address}
                value={address.address}
                label={address.address}
                description={describe(address)}
              />
            ))}
          </Stack>
        </Checkbox.Group>
      )}
      <NumberInput
        label="Port for HTTPS"
        description="7412 unless you choose another. Tools must be told a new one."
        {...PORT}
        {...form.getInputProps('port')}
      />
      {sharing.plainHttp && (
        <NumberInput label="Port for plain HTTP" {...PORT} {...form.getInputProps('plainPort')} />
      )}
    </FormDrawer>
  );
}

const PORT = { min: 1, max: 65_535, thousandSeparator: '', allowDecimal: false };

type Choice = Pick<SharingAddress, 'address'> & Partial<SharingAddress>;

/** What was chosen once stays to be seen, also while the computer has it not. */
function choices({ available, addresses }: Sharing): Choice[] {
  const known = available.map(({ address }) => address);
  const gone = (addresses ?? []).filter((address) => !known.includes(address));
  return [...available, ...gone.map((address) => ({ address }))];
}

function describe(choice: Choice): string {
  if (choice.interface === undefined) return 'This computer does not have it now.';
  return `${choice.interface}, ${choice.private ? 'a private network' : 'not a private network: the internet may reach it'}`;
}
