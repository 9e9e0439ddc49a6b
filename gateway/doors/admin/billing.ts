import type { BillingSession } from '../../billing/billing.ts';
import { StripeFailure } from '../../billing/stripe-failure.ts';
import { GatewayError } from '../../errors.ts';
import { spanOf } from '../span.ts';
import * as contract from './contract.ts';
import { invalid, notFound } from './errors.ts';
import { noteChange } from './owner-change.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { answers, IdParams, NoContent } from './schemas.ts';
import { idOf, isoTime, isoTimeOrNull } from './values.ts';

/** Payments by Stripe: the owner's account, and the sessions that members were given. */
export function billingRoutes(app: AdminApp, parts: AdminParts): void {
  const { billing, members } = parts;

  /** What is set; never a key. */
  function settings() {
    const { settings: set } = billing.account;
    const publicUrl = set?.publicUrl ?? null;
    return {
      configured: set !== null,
      mode: set?.mode ?? null,
      storedAt: isoTimeOrNull(set?.storedAt ?? null),
      webhook: set?.webhook ?? false,
      publicUrl,
      webhookUrl: publicUrl === null ? null : `${publicUrl}/billing/webhook`,
      invoices: set?.invoices ?? false,
    };
  }

  function current(): contract.Billing {
    const { at, trouble } = billing.follower.contact;
    return { ...settings(), open: billing.sessions.openCount(), lookedAt: isoTimeOrNull(at), trouble };
  }

  function shape(session: BillingSession): contract.BillingSession {
    const { memberId, purpose, planId, amountMicros, mode, state, reason, refundedMicros, disputed } =
      session;
    return {
      ...{ id: String(session.id), memberId: String(memberId) },
      memberName: members.get(memberId)?.name ?? null,
      ...{ purpose, planId, amountMicros, mode, state, reason, refundedMicros, disputed },
      stripeId: session.paymentId ?? session.sessionId,
      createdAt: isoTime(session.createdAt),
      settledAt: isoTimeOrNull(session.settledAt),
      lookedAt: isoTimeOrNull(session.lookedAt),
      nextLookAt: isoTimeOrNull(session.nextLookAt),
    };
  }

  /** The key that is stored may be a good one. Where Stripe cannot be asked now, a new one is stored all the same. */
  async function refuseWrong(secretKey: string): Promise<void> {
    const { verdict, message } = await billing.tryKey(secretKey);
    if (verdict === 'wrong_key')
      throw invalid('secretKey', 'Stripe does not take this key. Nothing was stored.');
    if (verdict === 'missing_permission') throw invalid('secretKey', `${message} Nothing was stored.`);
  }

  app.get(
    '/billing',
    {
      schema: {
        summary: 'Whether payments are taken, and how following them goes',
        response: answers(contract.Billing),
      },
    },
    async () => current(),
  );

  app.put(
    '/billing',
    {
      schema: {
        summary:
          'Stores the Stripe key, unless Stripe refuses it, the signing secret and the public address; what is left out stays',
        body: contract.BillingPatch,
        response: answers(contract.Billing),
      },
    },
    async (request) => {
      const before = settings();
      const { secretKey, webhookSecret } = request.body;
      if (secretKey !== undefined) await refuseWrong(secretKey);
      if (!(await billing.change(request.body))) {
        throw invalid('secretKey', 'Store a secret key first: without one no payments are taken.');
      }
      noteChange(parts, request, {
        action: 'billing.update',
        subject: 'billing',
        before,
        after: {
          ...settings(),
          ...(secretKey === undefined ? {} : { secretKey: 'stored' }),
          ...(webhookSecret == null ? {} : { webhookSecret: 'stored' }),
        },
      });
      return current();
    },
  );

  app.delete(
    '/billing',
    {
      schema: {
        summary: 'Removes the Stripe key and the signing secret: no payments are taken any more',
        response: answers(NoContent, 204),
      },
    },
    async (request, reply) => {
      const before = settings();
      await billing.remove();
      if (before.configured)
        noteChange(parts, request, { action: 'billing.delete', subject: 'billing', before });
      return reply.status(204).send();
    },
  );

  app.post(
    '/billing/test',
    {
      schema: {
        summary: 'Calls Stripe to see whether it takes the stored key',
        response: answers(contract.BillingTest),
      },
    },
    async () => billing.check(),
  );

  app.get(
    '/billing/sessions',
    {
      schema: {
        summary: 'The payments members began, newest first',
        querystring: contract.BillingSessionsQuery,
        response: answers(contract.listOf(contract.BillingSession)),
      },
    },
    async ({ query }) => {
      const { page, limit, offset } = contract.pageOf(query);
      const memberId = query.memberId === undefined ? null : idOf(query.memberId);
      const { sessions, total } = billing.sessions.list({ ...spanOf(query), memberId, limit, offset });
      return { data: sessions.map(shape), pagination: { page, limit, total } };
    },
  );

  app.post(
    '/billing/sessions/:id/look',
    {
      schema: {
        summary: 'Asks Stripe now how a payment stands, whatever its state here',
        params: IdParams,
        response: answers(contract.BillingSession),
      },
    },
    async ({ params }) => {
      const session = billing.sessions.get(idOf(params.id));
      if (session === undefined) throw notFound('payment');
      return shape(await billing.look(session).catch(forOwner));
    },
  );
}

function forOwner(error: unknown): never {
  if (!(error instanceof StripeFailure)) throw error;
  const said = error.said === '' ? '' : ` It said: ${error.said}`;
  throw new GatewayError('upstream_error', error.message + said, { cause: error });
}
