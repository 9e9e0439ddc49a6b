import type { Change as StoredChange } from '../../audit/changes.ts';
import { spanOf } from '../span.ts';
import * as contract from './contract.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { answers } from './schemas.ts';
import { isoTime } from './values.ts';

export function changeRoutes(app: AdminApp, { changes }: AdminParts): void {
  app.get(
    '/changes',
    {
      schema: {
        summary: 'What the owner changed, newest first',
        querystring: contract.ListQuery,
        response: answers(contract.listOf(contract.Change)),
      },
    },
    async ({ query }) => {
      const { page, limit, offset } = contract.pageOf(query);
      const found = changes.list({ ...spanOf(query), limit, offset });
      return { data: found.changes.map(changeAnswer), pagination: { page, limit, total: found.total } };
    },
  );
}

export function changeAnswer(change: StoredChange): contract.Change {
  return { ...change, id: String(change.id), at: isoTime(change.at) };
}
