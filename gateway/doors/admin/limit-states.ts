import type { Clock } from '../../clock.ts';
import { shareUsed } from '../../quotas/limit-standing.ts';
import { hangUpSignal } from '../client-connection.ts';
import * as contract from './contract.ts';
import { notFound } from './errors.ts';
import { fullest, inReadingOrder, LimitStandings, type Standing } from './limit-standings.ts';
import { wholeList } from './lists.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { answers, IdParams } from './schemas.ts';
import { idOf, idTextOrNull, isoTime } from './values.ts';

export function limitStateRoutes(app: AdminApp, parts: AdminParts): void {
  const { members, limits, clock } = parts;
  const standings = new LimitStandings(parts);
  const shape = (standing: Standing) => shapeStanding(standing, clock);

  app.get(
    '/members/:id/limits',
    {
      schema: {
        summary: 'The limits that hold for a member and for its keys, as they stand',
        params: IdParams,
        response: answers(contract.LimitStateList),
      },
    },
    async ({ params }, reply) => {
      const member = members.get(idOf(params.id));
      if (member === undefined) throw notFound('member');
      const found = await standings.ofMember(member, hangUpSignal(reply.raw));
      return wholeList(found.toSorted(inReadingOrder).map(shape));
    },
  );

  app.get(
    '/limits/tightest',
    {
      schema: {
        summary: 'Of each member the limit that is used up furthest',
        querystring: contract.TightestLimitsQuery,
        response: answers(contract.listOf(contract.TightestLimit)),
      },
    },
    async ({ query }, reply) => {
      const gone = hangUpSignal(reply.raw);
      const found: contract.TightestLimit[] = [];
      for (const memberId of new Set(query.memberIds)) {
        const member = members.get(idOf(memberId));
        if (member === undefined) continue;
        const tightest = fullest(await standings.ofMember(member, gone));
        found.push({ memberId, limit: tightest === undefined ? null : shape(tightest) });
      }
      return wholeList(found);
    },
  );

  app.get(
    '/limits/state',
    {
      schema: {
        summary: 'The limits set for one model, as they stand; the fullest first',
        description: "A plan's limit stands as it does for the one of its members that used most of it.",
        querystring: contract.LimitStatesQuery,
        response: answers(contract.LimitStateList),
      },
    },
    async ({ query }, reply) => {
      const gone = hangUpSignal(reply.raw);
      const found: Standing[] = [];
      for (const limit of limits.list().filter(({ model }) => model === query.model)) {
        const standing = await standings.ofLimit(limit, gone);
        if (standing !== undefined) found.push(standing);
      }
      return wholeList(found.toSorted((a, b) => shareUsed(b) - shareUsed(a)).map(shape));
    },
  );
}

/** How a limit stands, as answers tell it. */
export function shapeStanding(
  { limit, memberId, keyId, used, frees }: Standing,
  clock: Clock,
): contract.LimitState {
  const { countedFor: _, ...facts } = limit;
  return {
    ...facts,
    setBy: limit.scope,
    memberId: idTextOrNull(memberId),
    keyId: idTextOrNull(keyId),
    used,
    freesAt: frees === null ? null : isoTime(frees.at - clock.steady() + clock.wall()),
    freesAmount: frees === null ? null : frees.amount,
  };
}
