import type { LedgerAudit } from '../../audit/ledger-audit.ts';
import type { ListedEntry } from '../../quotas/balances.ts';
import * as contract from './contract.ts';
import { notFound } from './errors.ts';
import { noteChange } from './owner-change.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { answers, IdParams } from './schemas.ts';
import { idOf, idTextOrNull, isoTime } from './values.ts';

export function grantRoutes(app: AdminApp, parts: AdminParts, ledger: LedgerAudit): void {
  const { balances, members, clock } = parts;

  function memberId(id: string): number {
    const member = members.get(idOf(id));
    if (member === undefined) throw notFound('member');
    return member.id;
  }

  app.post(
    '/members/:id/grants',
    {
      schema: {
        summary: "Adds tokens or money to a member's balance",
        params: IdParams,
        body: contract.NewGrant,
        response: answers(contract.Grant, 201),
      },
    },
    async (request, reply) => {
      const id = memberId(request.params.id);
      const { tokens = 0, micros = 0, note = null } = request.body;
      const before = balances.of(id);
      const balance = balances.grant(id, { tokens, micros }, note, clock.wall());
      const grant = { memberId: String(id), tokens, micros, note, balance };
      noteChange(parts, request, {
        action: 'member.grant',
        subject: `member:${id}`,
        before: { balance: before },
        after: grant,
      });
      return reply.status(201).send(grant);
    },
  );

  app.get(
    '/members/:id/ledger',
    {
      schema: {
        summary: "A member's balance and what made it, newest first",
        params: IdParams,
        querystring: contract.LedgerQuery,
        response: answers(contract.Ledger),
      },
    },
    async ({ params, query }) => {
      const id = memberId(params.id);
      const { page, limit, offset } = contract.pageOf(query);
      return {
        data: balances.entries(id, limit, offset).map(shape),
        pagination: { page, limit, total: await ledger.entriesOf(id) },
        balance: balances.of(id),
      };
    },
  );
}

function shape(entry: ListedEntry): contract.LedgerEntry {
  const { id, at, kind, tokens, micros, request, model, note } = entry;
  const requestRow = idTextOrNull(request);
  return { id: String(id), at: isoTime(at), kind, tokens, micros, requestRow, model, note };
}
