import type { FastifyRequest } from 'fastify';
import { GatewayError } from '../errors.ts';
import { answers } from './admin/schemas.ts';
import { callerOf } from './member/caller.ts';
import * as contract from './member/contract.ts';
import type { MemberApp, MemberParts } from './member/parts.ts';

/** POST /tenant/billing/topup, /checkout and /portal: each answers the URL of a page of Stripe's. */
export function tenantBillingRoutes(app: MemberApp, parts: MemberParts): void {
  const { billing, plans, calls } = parts;
  const { opening } = billing;
  const baseOf = (request: FastifyRequest) => billing.account.settings?.publicUrl ?? ownAddress(request);
  /** A shutdown waits for the answer: the page is paid for nobody who does not get it. */
  const page = (url: () => Promise<string>) => calls.during(async () => ({ url: await url() }));

  app.post(
    '/tenant/billing/topup',
    {
      schema: {
        tags: ['Billing'],
        summary: 'A page on which the member adds money to its balance',
        description: 'It is on the balance soon after it is paid, once. A payment by bank may take days.',
        body: contract.TopUp,
        response: answers(contract.HostedPage),
      },
    },
    async (request) =>
      page(() =>
        opening.topUp(callerOf(request).member, Math.round(request.body.amount * 100), baseOf(request)),
      ),
  );

  app.post(
    '/tenant/billing/checkout',
    {
      schema: {
        tags: ['Billing'],
        summary: 'A page on which the member pays a plan for 30 days',
        description:
          'The plan holds from the payment on. Nothing renews by itself. Paid again before its end, it is longer by ' +
          '30 days; what is left of another paid plan follows, the dearest first. After the last the member is ' +
          'back on the plan it had before.',
        body: contract.Checkout,
        response: answers(contract.HostedPage),
      },
    },
    async (request) => {
      const { member } = callerOf(request);
      const plan = plans.get(request.body.plan);
      if (!member.selfService) {
        throw new GatewayError(
          'route_not_allowed',
          `Self-service is off for ${member.name}: the owner of this gateway chooses its plan.`,
        );
      }
      if (plan === undefined) {
        throw new GatewayError('invalid_request', 'There is no such plan; GET /pricing lists them.', {
          field: 'plan',
        });
      }
      return page(() => opening.plan(member, plan, baseOf(request)));
    },
  );

  app.post(
    '/tenant/billing/portal',
    {
      schema: {
        tags: ['Billing'],
        summary: 'A page on which the member sees its payment methods and invoices',
        response: answers(contract.HostedPage),
      },
    },
    async (request) => page(() => opening.portal(callerOf(request).member, baseOf(request))),
  );
}

/** The address by which the caller reached the gateway: its browser can most likely reach it there too. */
function ownAddress({ host, raw }: FastifyRequest): string {
  const address = `${'encrypted' in raw.socket ? 'https' : 'http'}://${host}`;
  return URL.canParse(address) && /^[\w.:[\]-]+$/.test(host) ? address : 'http://127.0.0.1';
}
