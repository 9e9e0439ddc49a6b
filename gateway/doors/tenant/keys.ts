import { type ApiKey, isUsable } from '../../accounts/keys.ts';
import { GatewayError } from '../../errors.ts';
import type { Caller } from '../../pipeline/call.ts';
import { conflict, invalid, notFound } from '../admin/errors.ts';
import { settingsOf } from '../admin/keys.ts';
import { answers } from '../admin/schemas.ts';
import { idOf, isoTime, isoTimeOrNull } from '../admin/values.ts';
import { callerOf, planOf, requireSelfService } from '../member/caller.ts';
import * as contract from '../member/contract.ts';
import { pageOfAll, visibleSpan } from '../member/pages.ts';
import type { MemberApp, MemberParts } from '../member/parts.ts';

const DAY_MS = 86_400_000;

/** A member's keys that can be used, and those it made within a day: a tool that makes one a request fills no disk. */
const MOST_KEYS = 100;

const TAGS = { tags: ['Keys'] };

/** /tenant/keys: a member's own keys, by any of them. Those of others are as if they were not there. */
export function tenantKeyRoutes(app: MemberApp, parts: MemberParts): void {
  const { keys, plans, clock, lastUse } = parts;

  function shape({ id, name, kind, prefix, createdAt, expiresAt, revokedAt }: ApiKey): contract.Key {
    return {
      ...{ id: String(id), name, kind, prefix },
      created_at: isoTime(createdAt),
      expires_at: isoTimeOrNull(expiresAt),
      revoked_at: isoTimeOrNull(revokedAt),
      last_used_at: isoTimeOrNull(lastUse.of(id)?.at ?? null),
    };
  }

  function find({ member }: Caller, id: string): ApiKey {
    const key = keys.get(idOf(id));
    if (key === undefined || key.memberId !== member.id) throw notFound('key');
    return key;
  }

  app.get(
    '/tenant/keys',
    {
      schema: {
        ...TAGS,
        summary: "The member's keys, revoked ones too; the newest first",
        description: 'Dates are of their making. Without `startDate` keys of any age are there.',
        querystring: contract.ListQuery,
        response: answers(contract.listOf(contract.Key)),
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const plan = planOf(plans, caller);
      const span = visibleSpan(plan, request.query, clock.wall());
      const seen = keys
        .ofMember(caller.member.id)
        .filter(({ createdAt }) => span !== null && createdAt >= span.from && createdAt < span.to);
      const { data, pagination } = pageOfAll(plan, request.query, seen.toReversed());
      return { data: data.map(shape), pagination };
    },
  );

  app.get(
    '/tenant/keys/:id',
    {
      schema: {
        ...TAGS,
        summary: 'One of the keys',
        params: contract.IdParams,
        response: answers(contract.Key),
      },
    },
    async (request) => shape(find(callerOf(request), request.params.id)),
  );

  app.post(
    '/tenant/keys',
    {
      schema: {
        ...TAGS,
        summary: 'Makes a key; the answer shows it this once',
        description:
          'It can do no more than the key that makes it: it has the same kind and ends no later. A key that the ' +
          'owner gave limits of its own makes none, since the new one would not have them. ' +
          `At most ${MOST_KEYS} can be used or were made within a day.`,
        body: contract.NewKey.nullish(),
        response: answers(contract.CreatedKey, 201),
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      requireSelfService(caller);
      const { name = 'API key', kind = caller.key.kind, expires_at: asked } = request.body ?? {};
      const now = clock.wall();
      refuseMoreThanOwn(parts, caller, kind);
      const expiresAt = expiryOf(caller.key, asked ?? null, now);
      refuseTooMany(keys.ofMember(caller.member.id), now);
      const { key, plaintext } = keys.create({ memberId: caller.member.id, name, kind, expiresAt, now });
      note('key.create', key, null);
      return reply.status(201).send({ ...shape(key), key: plaintext });
    },
  );

  app.delete(
    '/tenant/keys/:id',
    {
      schema: {
        ...TAGS,
        summary: 'Revokes a key; running requests go on, later ones are refused',
        params: contract.IdParams,
        response: answers(contract.Key),
      },
    },
    async (request) => {
      const caller = callerOf(request);
      requireSelfService(caller);
      const key = find(caller, request.params.id);
      const before = settingsOf(key);
      keys.revoke(key.id, clock.wall());
      if (before.revokedAt === null) note('key.revoke', key, before);
      return shape(key);
    },
  );

  /** The owner sees in the log of changes what members do to their keys. */
  function note(action: string, key: ApiKey, before: ReturnType<typeof settingsOf> | null): void {
    parts.changes.record({
      actor: 'member',
      action,
      subject: `key:${key.id}`,
      before,
      after: settingsOf(key),
    });
    parts.store.backupSoon();
  }
}

/**
 * A key of another kind is metered by other things: one paid by token has no limits, one of a subscription no
 * balance. So none is made by a key that is not of that kind.
 */
function refuseMoreThanOwn({ limits }: MemberParts, { key }: Caller, kind: ApiKey['kind']): void {
  if (kind !== key.kind) {
    throw new GatewayError(
      'route_not_allowed',
      `A ${key.kind} key makes ${key.kind} keys only; the owner of this gateway makes keys of kind ${kind}.`,
      { field: 'kind' },
    );
  }
  if (limits.of('key', String(key.id)).length > 0) {
    throw new GatewayError(
      'route_not_allowed',
      'This key has limits of its own, which a new key would not have; the owner of this gateway can make one.',
    );
  }
}

function expiryOf(own: ApiKey, asked: string | null, now: number): number | null {
  if (asked === null) return own.expiresAt;
  const at = Date.parse(asked);
  if (at <= now) throw invalid('expires_at', 'The field expires_at must lie in the future.');
  if (own.expiresAt !== null && at > own.expiresAt) {
    const end = isoTime(own.expiresAt);
    throw invalid('expires_at', `The key that makes it expires at ${end}: the new one must not end later.`);
  }
  return at;
}

function refuseTooMany(own: readonly ApiKey[], now: number): void {
  const counted = own.filter((key) => isUsable(key, now) || key.createdAt > now - DAY_MS);
  if (counted.length >= MOST_KEYS) {
    throw conflict(
      `There are ${MOST_KEYS} keys already that can be used or were made within a day. Revoke some that are older, or wait.`,
    );
  }
}
