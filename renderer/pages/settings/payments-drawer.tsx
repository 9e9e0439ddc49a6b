import { Drawer, Menu } from '@mantine/core';
import type { BillingSession } from '../../../gateway/doors/admin/contract.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { RowMenu } from '../../components/row-menu.tsx';
import { Empty, Notice } from '../../components/states.tsx';
import { Status, type Tone } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import { dollars } from '../../format.ts';
import classes from './payments-drawer.module.css';
import { usePayments } from './queries.ts';
import { useChange } from './use-change.ts';

/** What members paid, or began to pay, the newest first. */
export function PaymentsDrawer({ onClose }: { onClose: () => void }) {
  const { data, error, refetch } = usePayments();
  const look = useChange<BillingSession>('POST', ({ id }) => `/billing/sessions/${id}/look`);
  return (
    <Drawer opened onClose={onClose} title="Payments" size={760}>
      <div className={classes.body}>
        {look.error !== null && <Notice tone="bad">{look.error}</Notice>}
        <DataTable
          label="Payments"
          rows={data?.data}
          rowKey={({ id }) => id}
          rowHeight={52}
          columns={COLUMNS}
          menu={(session) => (
            <RowMenu label={`the payment of ${nameOf(session)}`}>
              <Menu.Item disabled={look.busy} onClick={() => look.change(session)}>
                Look up now
              </Menu.Item>
              {session.stripeId !== null && (
                <Menu.Item component="a" href={dashboardUrl(session)} target="_blank" rel="noreferrer">
                  Open at Stripe
                </Menu.Item>
              )}
            </RowMenu>
          )}
          error={error}
          onRetry={() => void refetch()}
          empty={
            <Empty
              title="Nobody has paid yet"
              why="A member pays with its key: POST /tenant/billing/topup answers a page of Stripe, and the balance has the money soon after it is paid."
            />
          }
        />
      </div>
    </Drawer>
  );
}

const COLUMNS: Column<BillingSession>[] = [
  {
    id: 'at',
    header: 'Begun',
    width: 112,
    cell: ({ createdAt }) => (
      <span className="secondary">
        <Time at={createdAt} />
      </span>
    ),
  },
  {
    id: 'who',
    header: 'Member',
    cell: (session) => (
      <>
        <div>{nameOf(session)}</div>
        <div className="muted">{forWords(session)}</div>
      </>
    ),
  },
  { id: 'amount', header: 'Amount', align: 'right', cell: ({ amountMicros }) => dollars(amountMicros) },
  {
    id: 'state',
    header: 'State',
    cell: (session) => (
      <>
        <Status tone={STATES[session.state][0]}>{STATES[session.state][1]}</Status>
        <div className="muted">{moreWords(session)}</div>
      </>
    ),
  },
];

const STATES: Record<BillingSession['state'], readonly [tone: Tone, words: string]> = {
  creating: ['info', 'Asked for'],
  open: ['info', 'Can be paid'],
  processing: ['info', 'Money under way'],
  paid: ['ok', 'Paid'],
  expired: ['off', 'Not paid in time'],
  failed: ['bad', 'Failed'],
};

const REASONS: Readonly<Record<string, string>> = {
  refused: 'Stripe refused to make it',
  never_made: 'Stripe never got the call',
  payment_failed: 'The bank said no',
  no_money: 'No money came in a month',
  amount: 'Another amount was paid',
  unknown_to_stripe: 'Stripe does not know it',
};

function nameOf({ memberName }: BillingSession): string {
  return memberName ?? 'A removed member';
}

function forWords({ purpose, planId }: BillingSession): string {
  return purpose === 'plan' ? `Plan ${planId}, 30 days` : 'Balance';
}

function moreWords({ reason, refundedMicros, disputed, mode }: BillingSession): string {
  return [
    ...(reason === null ? [] : [REASONS[reason] ?? reason]),
    ...(refundedMicros > 0 ? [`${dollars(refundedMicros)} given back`] : []),
    ...(disputed ? ['disputed'] : []),
    ...(mode === 'test' ? ['test'] : []),
  ].join(', ');
}

function dashboardUrl({ stripeId, mode }: BillingSession): string {
  const test = mode === 'test' ? '/test' : '';
  const page = stripeId?.startsWith('pi_') ? `payments/${stripeId}` : 'payments';
  return `https://dashboard.stripe.com${test}/${page}`;
}
