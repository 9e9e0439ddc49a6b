import type { ApiKey } from '../../accounts/keys.ts';
import type { Member } from '../../accounts/members.ts';
import { quotasOf } from '../quota-list.ts';
import * as contract from './contract.ts';
import { notFound } from './errors.ts';
import { pageOfAll } from './lists.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { answers } from './schemas.ts';
import { idOf } from './values.ts';

/** GET /quotas: the quota list as one of the members sees it. */
export function quotaRoutes(app: AdminApp, parts: AdminParts): void {
  const { keys, members } = parts;

  function keyOf(id: string): ApiKey {
    const key = keys.get(idOf(id));
    if (key === undefined) throw notFound('key');
    return key;
  }

  function subjectOf(query: { memberId?: string | undefined; keyId?: string | undefined }): {
    member: Member;
    key: ApiKey | null;
  } {
    const key = query.keyId === undefined ? null : keyOf(query.keyId);
    const { memberId } = query;
    const member = key
      ? members.get(key.memberId)
      : memberId === undefined
        ? members.owner()
        : members.get(idOf(memberId));
    if (member === undefined || (memberId !== undefined && idOf(memberId) !== member.id)) {
      throw notFound('member');
    }
    return { member, key };
  }

  app.get(
    '/quotas',
    {
      schema: {
        summary: 'Requests, tokens and images a minute by model, as a key or a member is held to them',
        querystring: contract.QuotasQuery,
        response: answers(contract.listOf(contract.QuotaRow)),
      },
    },
    async ({ query }) => {
      const { member, key } = subjectOf(query);
      return pageOfAll(quotasOf(parts, member, key, query), query);
    },
  );
}
