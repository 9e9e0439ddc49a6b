import type { ApiKey } from '../../accounts/keys.ts';
import * as contract from './contract.ts';
import { invalid, notFound } from './errors.ts';
import { createdWithin, pageOfAll, shapeAll } from './lists.ts';
import { noteChange } from './owner-change.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { answers, IdParams } from './schemas.ts';
import { idOf, isoTime, isoTimeOrNull } from './values.ts';

export function keyRoutes(app: AdminApp, parts: AdminParts): void {
  const { keys, members, clock, lastUse } = parts;

  function shape(key: ApiKey): contract.Key {
    const use = lastUse.of(key.id);
    return {
      ...settingsOf(key),
      lastUsedAt: use === undefined ? null : isoTime(use.at),
      lastAddress: use?.address ?? null,
    };
  }

  function find(id: string): ApiKey {
    const key = keys.get(idOf(id));
    if (key === undefined) throw notFound('key');
    return key;
  }

  app.get(
    '/keys',
    {
      schema: {
        summary: 'All keys, revoked ones too',
        querystring: contract.KeysQuery,
        response: answers(contract.listOf(contract.Key)),
      },
    },
    async ({ query }) => {
      const wanted = query.memberId === undefined ? keys.list() : keys.ofMember(idOf(query.memberId));
      const { data, pagination } = pageOfAll(createdWithin(wanted, query), query);
      return { data: await shapeAll(data, shape), pagination };
    },
  );

  app.get(
    '/keys/:id',
    { schema: { summary: 'One key', params: IdParams, response: answers(contract.Key) } },
    async ({ params }) => shape(find(params.id)),
  );

  app.post(
    '/keys',
    {
      schema: {
        summary: 'Makes a key; the answer shows it this once',
        body: contract.NewKey,
        response: answers(contract.CreatedKey, 201),
      },
    },
    async (request, reply) => {
      const { memberId, name, kind = 'standard' } = request.body;
      const member = members.get(idOf(memberId));
      if (member === undefined)
        throw invalid('memberId', 'There is no such member. It may have been deleted.');
      const expiresAt = request.body.expiresAt == null ? null : Date.parse(request.body.expiresAt);
      if (expiresAt !== null && expiresAt <= clock.wall()) {
        throw invalid('expiresAt', 'The field expiresAt must lie in the future.');
      }
      const { key, plaintext } = keys.create({
        memberId: member.id,
        name,
        kind,
        expiresAt,
        now: clock.wall(),
      });
      const after = settingsOf(key);
      noteChange(parts, request, { action: 'key.create', subject: `key:${key.id}`, after });
      return reply
        .status(201)
        .header('cache-control', 'no-store')
        .send({ ...shape(key), key: plaintext });
    },
  );

  app.patch(
    '/keys/:id',
    {
      schema: {
        summary: 'Allows a key for the public tunnel, or not any more',
        params: IdParams,
        body: contract.KeyPatch,
        response: answers(contract.Key),
      },
    },
    async (request) => {
      const key = find(request.params.id);
      const before = settingsOf(key);
      keys.setTunnel(key.id, request.body.tunnel);
      const after = settingsOf(key);
      noteChange(parts, request, { action: 'key.update', subject: `key:${key.id}`, before, after });
      return shape(key);
    },
  );

  app.delete(
    '/keys/:id',
    {
      schema: {
        summary: 'Revokes a key; running requests go on',
        params: IdParams,
        response: answers(contract.Key),
      },
    },
    async (request) => {
      const key = find(request.params.id);
      const before = settingsOf(key);
      keys.revoke(key.id, clock.wall());
      if (before.revokedAt === null) {
        const after = settingsOf(key);
        noteChange(parts, request, { action: 'key.revoke', subject: `key:${key.id}`, before, after });
      }
      return shape(key);
    },
  );
}

/** What of a key was set, without what it has done since; as the log of changes tells it. */
export function settingsOf(key: ApiKey): Omit<contract.Key, 'lastUsedAt' | 'lastAddress'> {
  return {
    ...key,
    id: String(key.id),
    memberId: String(key.memberId),
    createdAt: isoTime(key.createdAt),
    expiresAt: isoTimeOrNull(key.expiresAt),
    revokedAt: isoTimeOrNull(key.revokedAt),
  };
}
