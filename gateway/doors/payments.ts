import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Plans } from '../accounts/plans.ts';
import type { Billing } from '../billing/billing.ts';
import { type IdentifyParts, refuseBlocked } from '../pipeline/identify.ts';
import type { RunningCalls } from '../pipeline/running-calls.ts';
import { closedPage, donePage, notPaidPage, PAGE_HEADERS } from './payment-pages.ts';

export interface PaymentsParts extends IdentifyParts {
  billing: Billing;
  plans: Plans;
  calls: RunningCalls;
}

/** Stripe's largest events are far smaller. */
const LARGEST_EVENT_BYTES = 1024 * 1024;

/** Where Stripe comes back to: its events, which it signs, and payers from its pages, who have no key with them. */
export async function paymentsDoor(app: FastifyInstance, parts: PaymentsParts): Promise<void> {
  const { billing, calls } = parts;
  // The signature is over the bytes as they came.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  app.post('/billing/webhook', { bodyLimit: LARGEST_EVENT_BYTES }, async (request) => {
    const signature = request.headers['stripe-signature'];
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    await calls.during(() => billing.event(body, typeof signature === 'string' ? signature : undefined));
    return { received: true };
  });

  app.get('/billing/done', async (request, reply) => {
    refuseBlocked(parts, parts.clients.of(request.raw));
    const { payment } = request.query as Record<string, unknown>;
    const session = typeof payment === 'string' ? await billing.visit(payment) : undefined;
    return page(
      reply,
      donePage(session, (id) => parts.plans.get(id)?.name ?? id),
    );
  });
  app.get('/billing/canceled', async (_request, reply) => page(reply, notPaidPage()));
  app.get('/billing/closed', async (_request, reply) => page(reply, closedPage()));
}

function page(reply: FastifyReply, html: string): FastifyReply {
  return reply.headers(PAGE_HEADERS).send(html);
}
