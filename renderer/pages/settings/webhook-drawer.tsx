import { PasswordInput, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { Billing, BillingPatch } from '../../../gateway/doors/admin/contract.ts';
import { sendJson } from '../../api/admin-api.ts';
import { CONFIG } from '../../api/query-keys.ts';
import { useAdminForm } from '../../components/admin-form.ts';
import { FormDrawer } from '../../components/form-drawer.tsx';

interface WebhookDrawerProps {
  billing: Billing;
  onClose: () => void;
}

/** Where Stripe and those who paid reach this gateway. */
export function WebhookDrawer({ billing, onClose }: WebhookDrawerProps) {
  const client = useQueryClient();
  const send = async (patch: BillingPatch) => {
    await sendJson('PUT', '/billing', patch);
    await client.invalidateQueries({ queryKey: [CONFIG, 'billing'] });
  };
  const { form, busy, refusal, submit } = useAdminForm({
    initialValues: { publicUrl: billing.publicUrl ?? '', webhookSecret: '' },
    send: ({ publicUrl, webhookSecret }) =>
      send({
        publicUrl: publicUrl.trim() === '' ? null : publicUrl,
        ...(webhookSecret === '' ? {} : { webhookSecret }),
      }),
    onDone: onClose,
  });
  const address = form.values.publicUrl.trim().replace(/\/+$/, '');

  async function remove() {
    await send({ webhookSecret: null });
    onClose();
  }
  return (
    <FormDrawer
      title="Webhooks"
      onClose={onClose}
      onSubmit={submit}
      submitLabel="Save"
      busy={busy}
      refusal={refusal}
      dirty={form.isDirty()}
      {...(billing.webhook ? { onDelete: () => void remove(), deleteLabel: 'Take none' } : {})}
    >
      <p className="secondary">
        For a gateway that the internet reaches, through a proxy of yours. Without webhooks payments arrive as
        well, some seconds to minutes later.
      </p>
      <TextInput
        label="Public address"
        description="Those who paid come back here, too."
        placeholder="https://ai.example.com"
        data-autofocus
        {...form.getInputProps('publicUrl')}
      />
      <PasswordInput
        label="Signing secret"
        description={
          <>
            Stripe shows it where you add a webhook
            {address === '' ? (
              '.'
            ) : (
              <>
                {' '}
                to <code>{address}/billing/webhook</code> with the events <code>checkout.session.*</code>,{' '}
                <code>charge.refunded</code> and <code>charge.dispute.*</code>.
              </>
            )}{' '}
            {billing.webhook && 'One is stored; leave this empty to keep it.'}
          </>
        }
        placeholder="whsec_…"
        autoComplete="off"
        spellCheck={false}
        visibilityToggleButtonProps={{ 'aria-label': 'Show what was typed' }}
        {...form.getInputProps('webhookSecret')}
      />
    </FormDrawer>
  );
}
