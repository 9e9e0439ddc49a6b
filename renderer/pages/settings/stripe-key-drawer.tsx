import { Anchor, PasswordInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { sendJson } from '../../api/admin-api.ts';
import { CONFIG } from '../../api/query-keys.ts';
import { useAdminForm } from '../../components/admin-form.ts';
import { FormDrawer } from '../../components/form-drawer.tsx';
import { Notice } from '../../components/states.tsx';

interface StripeKeyDrawerProps {
  replaces: boolean;
  onClose: () => void;
}

/** The key goes in and never comes out again. The gateway tries it before it is stored. */
export function StripeKeyDrawer({ replaces, onClose }: StripeKeyDrawerProps) {
  const client = useQueryClient();
  const { form, busy, refusal, submit } = useAdminForm({
    initialValues: { secretKey: '' },
    send: async ({ secretKey }) => {
      await sendJson('PUT', '/billing', { secretKey });
      await client.invalidateQueries({ queryKey: [CONFIG, 'billing'] });
    },
    onDone: onClose,
  });
  const { secretKey } = form.values;
  return (
    <FormDrawer
      title={replaces ? 'Replace the Stripe key' : 'Take payments by Stripe'}
      onClose={onClose}
      onSubmit={submit}
      submitLabel={replaces ? 'Replace' : 'Save'}
      busy={busy}
      refusal={refusal}
      dirty={form.isDirty()}
      follows="From then on members can pay."
    >
      <p className="secondary">
        Members then top up their balance, or pay a plan by the month, on Stripe’s own pages. No card ever
        comes near this computer.
      </p>
      <PasswordInput
        label="Secret key"
        description={
          <>
            A restricted key does: it must read and write Checkout Sessions, Customers and the Customer
            portal, and read Charges and PaymentIntents.{' '}
            <Anchor
              href="https://dashboard.stripe.com/apikeys"
              target="_blank"
              rel="noreferrer"
              fz="inherit"
              underline="always"
            >
              Get one
            </Anchor>
          </>
        }
        placeholder="sk_live_…"
        autoComplete="off"
        spellCheck={false}
        data-autofocus
        visibilityToggleButtonProps={{ 'aria-label': 'Show what was typed' }}
        {...form.getInputProps('secretKey')}
      />
      {/^[sr]k_test_/.test(secretKey.trim()) && (
        <Notice tone="warn">
          This is a test key: no money moves, and what Stripe’s test cards pay is credited all the same.
        </Notice>
      )}
    </FormDrawer>
  );
}
