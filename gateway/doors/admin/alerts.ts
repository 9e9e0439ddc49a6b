import type { Alert as StoredAlert } from '../../audit/alert-log.ts';
import { spanOf } from '../span.ts';
import { type AlertParts, answerAlert, blockOf, possibleAnswers, takeBack } from './alert-answers.ts';
import * as contract from './contract.ts';
import { notFound } from './errors.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { answers, IdParams, NoContent } from './schemas.ts';
import { idOf, idTextOrNull, isoTime, isoTimeOrNull } from './values.ts';

export function alertRoutes(app: AdminApp, parts: AdminParts): void {
  const { alerts } = parts;
  const shape = (alert: StoredAlert) => alertAnswer(parts, alert);

  function find(id: string): StoredAlert {
    const alert = alerts.log.get(idOf(id));
    if (alert === undefined) throw notFound('alert');
    return alert;
  }

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
      return { data: found.alerts.map(shape), pagination: { page, limit, total: found.total } };
    },
  );

  app.get(
    '/alerts/:id',
    { schema: { summary: 'One alert', params: IdParams, response: answers(contract.Alert) } },
    async ({ params }) => shape(find(params.id)),
  );

  app.post(
    '/alerts/:id/seen',
    { schema: { summary: 'Marks an alert as seen', params: IdParams, response: answers(contract.Alert) } },
    async ({ params }) => {
      const alert = alerts.markSeen(idOf(params.id));
      if (alert === undefined) throw notFound('alert');
      return shape(alert);
    },
  );

  app.post(
    '/alerts/:id/answer',
    {
      schema: {
        summary: 'Does what is answered to an alert (one of its `answers`) and settles it',
        params: IdParams,
        body: contract.AlertReply,
        response: answers(contract.Alert),
      },
    },
    async (request) => shape(answerAlert(parts, request, find(request.params.id), request.body.answer)),
  );

  app.delete(
    '/alerts/:id/answer',
    {
      schema: {
        summary: 'Takes an answer back: what it did is undone, and the alert is open again',
        params: IdParams,
        response: answers(contract.Alert),
      },
    },
    async (request) => shape(takeBack(parts, request, find(request.params.id))),
  );

  app.delete(
    '/alerts/:id',
    {
      schema: {
        summary: 'Deletes an alert; what was answered to it holds on',
        params: IdParams,
        response: answers(NoContent, 204),
      },
    },
    async (request, reply) => {
      alerts.log.remove(find(request.params.id).id);
      return reply.status(204).send();
    },
  );
}

/** An alert as it stands, with the answers there are to it now. */
export function alertAnswer(parts: AlertParts, alert: StoredAlert): contract.Alert {
  return {
    ...alert,
    id: String(alert.id),
    at: isoTime(alert.at),
    memberId: idTextOrNull(alert.memberId),
    keyId: idTextOrNull(alert.keyId),
    providerId: idTextOrNull(alert.providerId),
    seenAt: isoTimeOrNull(alert.seenAt),
    answers: alert.seenAt === null ? possibleAnswers(parts, alert) : [],
    blockId: idTextOrNull(blockOf(parts, alert)?.id ?? null),
  };
}
