import { isUsable } from '../../accounts/keys.ts';
import type { Member as StoredMember } from '../../accounts/members.ts';
import * as contract from './contract.ts';
import { conflict, invalid, notFound } from './errors.ts';
import { createdWithin, pageOfAll, shapeAll } from './lists.ts';
import { noteChange } from './owner-change.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { checkRanges } from './ranges.ts';
import { answers, IdParams, NoContent } from './schemas.ts';
import { given, idOf, isoTime, isoTimeOrNull } from './values.ts';

const DEFAULT_PLAN = 'pro';

export function memberRoutes(app: AdminApp, parts: AdminParts): void {
  const { members, keys, limits, clock, lastUse, joining } = parts;

  function find(id: string): StoredMember {
    const member = members.get(idOf(id));
    if (member === undefined) throw notFound('member');
    return member;
  }

  const settingsOf = (member: StoredMember) => memberSettings(parts, member);

  function shape(member: StoredMember): contract.Member {
    const all = keys.ofMember(member.id);
    const now = clock.wall();
    return {
      ...settingsOf(member),
      keys: all.filter((key) => isUsable(key, now)).length,
      lastRequestAt: isoTimeOrNull(lastUse.latest(all)),
      planPaidUntil: isoTimeOrNull(parts.billing.paidUntil(member.id)),
    };
  }

  app.get(
    '/members',
    {
      schema: {
        summary: 'All members',
        querystring: contract.ListQuery,
        response: answers(contract.listOf(contract.Member)),
      },
    },
    async ({ query }) => {
      const { data, pagination } = pageOfAll(createdWithin(members.list(), query), query);
      return { data: await shapeAll(data, shape), pagination };
    },
  );

  app.get(
    '/members/:id',
    { schema: { summary: 'One member', params: IdParams, response: answers(contract.Member) } },
    async ({ params }) => shape(find(params.id)),
  );

  app.post(
    '/members',
    {
      schema: { summary: 'Adds a member', body: contract.NewMember, response: answers(contract.Member, 201) },
    },
    async (request, reply) => {
      const { body } = request;
      checkMember(parts, body);
      const member = members.create({
        name: body.name,
        email: body.email ?? null,
        status: body.status ?? 'active',
        planId: body.planId ?? DEFAULT_PLAN,
        allowedModels: body.allowedModels ?? null,
        allowedIps: body.allowedIps ?? null,
        prepaid: body.prepaid ?? false,
        selfService: body.selfService ?? true,
        owner: false,
        createdAt: clock.wall(),
      });
      const after = settingsOf(member);
      noteChange(parts, request, { action: 'member.create', subject: `member:${member.id}`, after });
      return reply.status(201).send(shape(member));
    },
  );

  app.patch(
    '/members/:id',
    {
      schema: {
        summary: 'Changes a member; what is left out stays',
        params: IdParams,
        body: contract.MemberPatch,
        response: answers(contract.Member),
      },
    },
    async (request) => {
      const { id, ...before } = find(request.params.id);
      checkMember(parts, request.body);
      const member = members.update(id, given(request.body)) as StoredMember;
      joining.memberChanged(id);
      noteChange(parts, request, {
        action: 'member.update',
        subject: `member:${id}`,
        before: settingsOf({ id, ...before }),
        after: settingsOf(member),
      });
      return shape(member);
    },
  );

  app.delete(
    '/members/:id',
    {
      schema: {
        summary: 'Removes a member and revokes its keys; its audit rows stay',
        params: IdParams,
        response: answers(NoContent, 204),
      },
    },
    async (request, reply) => {
      const member = find(request.params.id);
      if (member.owner) throw conflict("The owner's own member cannot be deleted.");
      const before = settingsOf(member);
      for (const key of keys.ofMember(member.id)) {
        keys.revoke(key.id, clock.wall());
        for (const limit of limits.of('key', String(key.id))) limits.remove(limit);
      }
      for (const limit of limits.of('member', String(member.id))) limits.remove(limit);
      members.remove(member.id, clock.wall());
      joining.memberChanged(member.id);
      noteChange(parts, request, { action: 'member.delete', subject: `member:${member.id}`, before });
      return reply.status(204).send();
    },
  );
}

/** What of a member was set, without what it has done since; as the log of changes tells it. */
export function memberSettings(
  { balances }: Pick<AdminParts, 'balances'>,
  member: StoredMember,
): Omit<contract.Member, 'keys' | 'lastRequestAt' | 'planPaidUntil'> {
  return {
    ...member,
    id: String(member.id),
    balance: balances.of(member.id),
    createdAt: isoTime(member.createdAt),
  };
}

/** @throws GatewayError `invalid_request` that names the field */
export function checkMember(
  { plans }: Pick<AdminParts, 'plans'>,
  { planId, allowedIps }: contract.MemberPatch,
): void {
  if (planId !== undefined && plans.get(planId) === undefined) {
    throw invalid('planId', 'There is no such plan.');
  }
  checkRanges('allowedIps', allowedIps ?? []);
}
