import type { JoinRequest } from '../../accounts/joining/join-requests.ts';
import { type JoinTerms, USUAL_TERMS } from '../../accounts/joining/joining.ts';
import * as contract from './contract.ts';
import { invalid, notFound } from './errors.ts';
import { subjectOf } from './limits.ts';
import { createdWithin, pageOfAll } from './lists.ts';
import { checkMember, memberSettings } from './members.ts';
import { noteChange } from './owner-change.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { answers, IdParams } from './schemas.ts';
import { given, idOf, isoTime, isoTimeOrNull } from './values.ts';

/** Who asks to join, and the owner's answer. */
export function joinRequestRoutes(app: AdminApp, parts: AdminParts): void {
  const { joining, members, limits, clock } = parts;

  function find(id: string): JoinRequest {
    const request = joining.get(idOf(id));
    if (request === undefined) throw notFound('request to join');
    return request;
  }

  function shape(request: JoinRequest): contract.JoinRequest {
    const member = members.get(request.memberId);
    return {
      ...{ id: String(request.id), memberId: String(request.memberId), name: member?.name ?? request.name },
      ...{ email: member?.email ?? null, purpose: request.purpose, address: request.address },
      ...{ state: request.state, createdAt: isoTime(request.createdAt), until: isoTime(request.until) },
      decidedAt: isoTimeOrNull(request.decidedAt),
    };
  }

  function settingsOf({ memberId }: JoinRequest) {
    const member = members.get(memberId);
    return member === undefined ? null : memberSettings(parts, member);
  }

  app.get(
    '/join-requests',
    {
      schema: {
        summary: 'Who asked to join, and what became of it; a week back',
        querystring: contract.JoinRequestsQuery,
        response: answers(contract.listOf(contract.JoinRequest)),
      },
    },
    async ({ query }) => {
      const wanted = joining.list().filter(({ state }) => query.state === undefined || state === query.state);
      const { data, pagination } = pageOfAll(createdWithin(wanted, query), query);
      return { data: data.map(shape), pagination };
    },
  );

  app.post(
    '/join-requests/:id/approve',
    {
      schema: {
        summary:
          'Lets somebody in, on what terms; the key is made when its browser fetches it, within an hour',
        params: IdParams,
        body: contract.JoinApproval.nullish(),
        response: answers(contract.JoinRequest),
      },
    },
    async (request) => {
      const asked = find(request.params.id);
      const terms = termsOf(request.body ?? {});
      const before = settingsOf(asked);
      const approved = joining.approve(asked, terms);
      const subject = `member:${asked.memberId}`;
      const after = { ...settingsOf(approved), key: keyWords(terms) };
      noteChange(parts, request, { action: 'member.approve', subject, before, after });
      for (const limit of limits.of('member', String(asked.memberId)))
        noteChange(parts, request, { action: 'limit.set', subject: subjectOf(limit), after: limit });
      return shape(approved);
    },
  );

  app.post(
    '/join-requests/:id/refuse',
    {
      schema: {
        summary: 'Turns somebody away, with a word for the page or without; the member is taken off the list',
        params: IdParams,
        body: contract.JoinRefusal.nullish(),
        response: answers(contract.JoinRequest),
      },
    },
    async (request) => {
      const asked = find(request.params.id);
      const before = settingsOf(asked);
      const refused = joining.refuse(asked, request.body?.words ?? null);
      const after = { name: asked.name, words: refused.words };
      noteChange(parts, request, {
        ...{ action: 'member.refuse', subject: `member:${asked.memberId}`, before, after },
      });
      return shape(refused);
    },
  );

  app.post(
    '/join-requests/:id/offer',
    {
      schema: {
        summary: 'Offers the key to its browser for another hour; one that was made is revoked',
        params: IdParams,
        response: answers(contract.JoinRequest),
      },
    },
    async (request) => {
      const asked = find(request.params.id);
      const offered = joining.offerAgain(asked);
      const after = { name: asked.name };
      noteChange(parts, request, { action: 'member.offer', subject: `member:${asked.memberId}`, after });
      return shape(offered);
    },
  );

  /** @throws GatewayError `invalid_request` that names the field */
  function termsOf({ limits: own = [], key = {}, ...member }: contract.JoinApproval): JoinTerms {
    checkMember(parts, member);
    for (const [index, { model }] of own.entries()) {
      if (model == null || parts.models.get(model) !== undefined) continue;
      throw invalid(`limits[${index}].model`, 'There is no such model.');
    }
    const expiresAt = key.expiresAt == null ? null : Date.parse(key.expiresAt);
    if (expiresAt !== null && expiresAt <= clock.wall())
      throw invalid('key.expiresAt', 'The field key.expiresAt must lie in the future.');
    const { name = USUAL_TERMS.key.name, kind = USUAL_TERMS.key.kind } = key;
    return {
      member: given(member),
      limits: own.map((limit) => ({ ...limit, model: limit.model ?? null })),
      key: { name, kind, expiresAt },
    };
  }
}

/** For the log of changes: the key that will be made. */
function keyWords({ key: { name, kind, expiresAt } }: JoinTerms): string {
  return `${name}, ${kind}${expiresAt === null ? '' : `, until ${isoTime(expiresAt)}`}`;
}
