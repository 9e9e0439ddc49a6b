import { Button, Switch } from '@mantine/core';
import { useState } from 'react';
import type { Billing, BillingTest } from '../../../gateway/doors/admin/contract.ts';
import { useConfirm } from '../../components/confirm.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { Panel } from '../../components/panel.tsx';
import { ago, moment, plural } from '../../format.ts';
import { PaymentsDrawer } from './payments-drawer.tsx';
import { useBilling } from './queries.ts';
import { SettingRow } from './setting-row.tsx';
import { StripeKeyDrawer } from './stripe-key-drawer.tsx';
import { useChange } from './use-change.ts';
import { WebhookDrawer } from './webhook-drawer.tsx';

type Task = 'key' | 'payments' | 'webhook';

/** Payments by Stripe: the owner's key, what was paid, and how Stripe reaches this gateway. */
export function BillingSection() {
  const billing = useBilling().data;
  const [task, setTask] = useState<Task | null>(null);
  const close = () => setTask(null);
  return (
    <Panel title="Billing" flush>
      {billing === undefined || !billing.configured ? (
        <SettingRow
          title="Stripe key"
          help={
            <>
              Until one is stored, top-up and checkout answer <code>billing_not_configured</code>.
            </>
          }
        >
          <Button onClick={() => setTask('key')} disabled={billing === undefined}>
            Add key…
          </Button>
        </SettingRow>
      ) : (
        <Configured billing={billing} onTask={setTask} />
      )}
      <SettingRow title="Currency" help="All prices and costs">
        <span className="secondary">US dollar</span>
      </SettingRow>
      {task === 'key' && <StripeKeyDrawer replaces={billing?.configured === true} onClose={close} />}
      {task === 'payments' && <PaymentsDrawer onClose={close} />}
      {task === 'webhook' && billing !== undefined && <WebhookDrawer billing={billing} onClose={close} />}
    </Panel>
  );
}

function Configured({ billing, onTask }: { billing: Billing; onTask: (task: Task) => void }) {
  return (
    <>
      <StripeKey billing={billing} onTask={onTask} />
      <SettingRow title="Payments" help={lookWords(billing)} error={troubleWords(billing)}>
        <Button onClick={() => onTask('payments')}>Show</Button>
      </SettingRow>
      <SettingRow title="Webhooks" help={<WebhookWords billing={billing} />}>
        <Button onClick={() => onTask('webhook')}>{billing.webhook ? 'Change…' : 'Set up…'}</Button>
      </SettingRow>
      <Invoices billing={billing} />
    </>
  );
}

function StripeKey({ billing, onTask }: { billing: Billing; onTask: (task: Task) => void }) {
  const [tested, setTested] = useState<BillingTest | null>(null);
  const confirm = useConfirm();
  const test = useChange<object, BillingTest>('POST', () => '/billing/test', setTested);
  const remove = useChange<object>('DELETE', () => '/billing');

  async function askToRemove() {
    const open =
      billing.open === 0 ? '' : ` ${openWords(billing.open)} not seen until a key is stored again.`;
    const sure = await confirm({
      title: 'Take no more payments?',
      message: `The key and the signing secret are removed. What was paid stays on the balances.${open}`,
      action: 'Remove',
      destructive: true,
    });
    if (sure) remove.change({});
  }
  const failed = tested !== null && !tested.ok ? tested.message : null;
  return (
    <SettingRow
      title="Stripe key"
      help={tested?.ok ? `${tested.message} ${modeWords(billing)}` : modeWords(billing)}
      error={test.error ?? remove.error ?? failed}
    >
      <Button onClick={() => void askToRemove()} loading={remove.busy}>
        Remove…
      </Button>
      <Button onClick={() => onTask('key')}>Replace…</Button>
      <Button onClick={() => test.change({})} loading={test.busy}>
        Test
      </Button>
    </SettingRow>
  );
}

function Invoices({ billing }: { billing: Billing }) {
  const { change, busy, error } = useChange<object>('PUT', '/billing');
  return (
    <SettingRow
      title="Invoices"
      help="Stripe writes one for each payment, which members find in its portal. It takes a fee for them."
      error={error}
    >
      <Switch
        aria-label="Invoices"
        checked={billing.invoices}
        disabled={busy}
        onChange={(event) => change({ invoices: event.currentTarget.checked })}
      />
    </SettingRow>
  );
}

function WebhookWords({ billing: { webhook, webhookUrl } }: { billing: Billing }) {
  if (webhook && webhookUrl !== null)
    return (
      <span style={{ display: 'flex', alignItems: 'center', gap: 4 }}>
        <code>{webhookUrl}</code>
        <CopyButton text={webhookUrl} label="the address of the webhook" />
      </span>
    );
  if (webhook) return 'Taken, but there is no public address that Stripe could send them to.';
  return 'Not taken. Payments are looked up by themselves; with a public address Stripe can tell of them at once.';
}

function modeWords({ mode, storedAt }: Billing): string {
  const stored = storedAt === null ? '' : `, stored ${moment(storedAt)}`;
  if (mode === 'live') return `Live key${stored}`;
  return `Test key${stored}. No money moves: what Stripe’s test cards pay is credited all the same.`;
}

function lookWords({ open, lookedAt }: Billing): string {
  if (open === 0) return 'None is under way';
  const when = lookedAt === null ? null : ago(lookedAt);
  const looked = when === null ? '' : `, looked up ${when === 'now' ? 'just now' : when}`;
  return `${plural(open, 'payment')} under way${looked}`;
}

function troubleWords({ trouble, open }: Billing): string | null {
  return trouble === null || open === 0 ? null : `${trouble} ${openWords(open)} looked up later.`;
}

function openWords(open: number): string {
  return open === 1 ? 'One payment under way is' : `${open} payments under way are`;
}
