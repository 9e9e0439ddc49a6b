import type { Alert as StoredAlert } from '../../audit/alerts.ts';
import { spanOf } from '../span.ts';
import * as contract from './contract.ts';
import { notFound } from './errors.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { answers, IdParams } from './schemas.ts';
import { idOf, idTextOrNull, isoTime, isoTimeOrNull } from './values.ts';

export function alertRoutes(app: AdminApp, { alerts }: AdminParts): void {
  app.get(
    '/alerts',
    {
      schema: {
        summary: 'What the owner should look at, newest first',
        querystring: contract.AlertsQuery,
        response: answers(contract.listOf(contract.Alert)),
      },
    },
    async ({ query }) => {
      const { page, limit, offset } = contract.pageOf(query);
      const found = alerts.list({ ...spanOf(query), limit, offset, unseenOnly: query.unseen ?? false });
      return { data: found.alerts.map(alertAnswer), pagination: { page, limit, total: found.total } };
    },
  );

  app.post(
    '/alerts/:id/seen',
    { schema: { summary: 'Marks an alert as seen', params: IdParams, response: answers(contract.Alert) } },
    async ({ params }) => {
      const alert = alerts.markSeen(idOf(params.id));
      if (alert === undefined) throw notFound('alert');
      return alertAnswer(alert);
    },
  );
}

export function alertAnswer(alert: StoredAlert): contract.Alert {
  return {
    ...alert,
    id: String(alert.id),
    at: isoTime(alert.at),
    memberId: idTextOrNull(alert.memberId),
    keyId: idTextOrNull(alert.keyId),
    seenAt: isoTimeOrNull(alert.seenAt),
  };
}
