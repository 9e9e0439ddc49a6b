import type { Billing, BillingSession, List } from '../doors/admin/contract.ts';
import { fields, restText, table } from './output.ts';
import type { Terminal } from './terminal.ts';
import { dollars, localTime, yesNo } from './units.ts';

/** The owner's account at Stripe, without its keys. */
export function accountText(account: Billing, terminal: Terminal): string {
  if (!account.configured) {
    return `No Stripe key is stored: top-ups and checkouts are answered with billing_not_configured.\n\nStore one: ${terminal.commandLine('billing set --new-key')}\n`;
  }
  return fields([
    ['Stripe key', account.mode === 'test' ? 'test key: no money moves' : 'live key'],
    ['Stored', localTime(account.storedAt)],
    ['Not over', account.open],
    ['Last looked', account.lookedAt === null ? 'not since the start' : localTime(account.lookedAt)],
    ['Trouble', account.trouble ?? 'none'],
    ['Webhooks', webhookText(account)],
    ['Public address', account.publicUrl],
    ['Invoices', yesNo(account.invoices)],
  ]);
}

function webhookText({ webhook, webhookUrl }: Billing): string {
  if (!webhook) return 'not taken; payments are looked up';
  return webhookUrl === null ? 'taken, but there is no public address' : `taken at ${webhookUrl}`;
}

export function paymentsText({ data, pagination }: List<BillingSession>): string {
  return (
    table(
      data,
      [
        { title: 'ID', of: ({ id }) => id },
        { title: 'TIME', of: ({ createdAt }) => localTime(createdAt) },
        { title: 'MEMBER', of: ({ memberName, memberId }) => memberName ?? `${memberId} (removed)` },
        { title: 'FOR', of: ({ purpose, planId }) => (purpose === 'plan' ? `plan ${planId}` : 'balance') },
        { title: 'AMOUNT', of: ({ amountMicros }) => dollars(amountMicros), right: true },
        { title: 'STATE', of: stateText },
        { title: 'AT STRIPE', of: ({ stripeId }) => stripeId },
      ],
      'No payment was begun yet.',
    ) + restText(data.length, pagination)
  );
}

function stateText({ state, reason, mode, refundedMicros, disputed }: BillingSession): string {
  return [
    reason === null ? state : `${state}: ${REASONS[reason] ?? reason}`,
    ...(refundedMicros > 0 ? [`${dollars(refundedMicros)} given back`] : []),
    ...(disputed ? ['disputed'] : []),
    ...(mode === 'test' ? ['test'] : []),
  ].join(', ');
}

const REASONS: Readonly<Record<string, string>> = {
  refused: 'Stripe refused to make it',
  never_made: 'Stripe never got the call',
  payment_failed: 'the bank said no',
  no_money: 'no money came in a month',
  amount: 'another amount was paid',
  unknown_to_stripe: 'Stripe does not know it',
};
