import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Plan, Plans } from '../../accounts/plans.ts';
import { GatewayError } from '../../errors.ts';
import type { Caller } from '../../pipeline/call.ts';
import { type IdentifyParts, identify } from '../../pipeline/identify.ts';

const callers = new WeakMap<object, Caller>();

/** Lets in whom inference would let in, before anything of the body is read; whatever the answer, it tells the tier. */
export function identifyCaller(parts: IdentifyParts) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const caller = identify(parts, parts.clients.of(request.raw), request.headers, ({ member }) => {
      reply.header('x-ntl-tier', member.planId);
    });
    letIn(request, caller);
  };
}

/** Says who asks, for the routes behind. */
export function letIn(request: object, caller: Caller): void {
  callers.set(request, caller);
}

/** Whoever was let in. */
export function callerOf(request: object): Caller {
  const caller = callers.get(request);
  if (caller === undefined) throw new Error('the route stands outside of those that ask for a key');
  return caller;
}

/** Plans are never removed: a member's is there. */
export function planOf(plans: Plans, { member }: Caller): Plan {
  return plans.get(member.planId) as Plan;
}

/** @throws GatewayError `route_not_allowed` where the owner has switched self-service off for the member */
export function requireSelfService({ member }: Caller): void {
  if (member.selfService) return;
  throw new GatewayError(
    'route_not_allowed',
    `Self-service is off for ${member.name}: the owner of this gateway makes and revokes its keys.`,
  );
}
