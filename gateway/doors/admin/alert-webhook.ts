import { webhookUrl } from '../../audit/webhook/address.ts';
import * as contract from './contract.ts';
import { invalid } from './errors.ts';
import { noteChange } from './owner-change.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { answers, NoContent } from './schemas.ts';
import { isoTime, isoTimeOrNull } from './values.ts';

/** Where alerts are told to, beside the panel. */
export function alertWebhookRoutes(app: AdminApp, parts: AdminParts): void {
  const { webhook } = parts;

  function current(): contract.AlertWebhook {
    const { since, lastDelivered, lastFailure, ...rest } = webhook.state;
    return {
      ...rest,
      since: isoTimeOrNull(since),
      lastDelivered: isoTimeOrNull(lastDelivered),
      lastFailure: lastFailure === null ? null : { ...lastFailure, at: isoTime(lastFailure.at) },
    };
  }

  /** An address may carry a token in its path: the log of changes tells the host alone. */
  const noted = () => ({ host: hostOf(webhook.state.url) });

  app.get(
    '/alert-webhook',
    {
      schema: {
        summary: 'The address alerts are sent to, and how that goes',
        response: answers(contract.AlertWebhook),
      },
    },
    async () => current(),
  );

  app.put(
    '/alert-webhook',
    {
      schema: {
        summary: 'Sends alerts to an address, signed as Standard Webhooks; a new secret is told this once',
        body: contract.AlertWebhookPatch,
        response: answers(contract.AlertWebhookSet),
      },
    },
    async (request, reply) => {
      const read = webhookUrl(request.body.url);
      if ('wrong' in read) throw invalid('url', read.wrong);
      const before = noted();
      const secret = await webhook.change(read.url, request.body.newSecret ?? false);
      const after = { ...noted(), ...(secret === null ? {} : { secret: 'new' }) };
      noteChange(parts, request, { action: 'alert-webhook.update', subject: 'alert-webhook', before, after });
      return reply.header('cache-control', 'no-store').send({ ...current(), secret });
    },
  );

  app.delete(
    '/alert-webhook',
    { schema: { summary: 'Sends alerts nowhere any more', response: answers(NoContent, 204) } },
    async (request, reply) => {
      const before = noted();
      await webhook.remove();
      if (before.host !== null)
        noteChange(parts, request, { action: 'alert-webhook.delete', subject: 'alert-webhook', before });
      return reply.status(204).send();
    },
  );

  app.post(
    '/alert-webhook/test',
    { schema: { summary: 'Sends a test there now', response: answers(contract.AlertWebhookTest) } },
    async () => {
      const attempt = await webhook.test();
      if (attempt === null) throw invalid('url', 'Set an address first.');
      const { ok, status, latencyMs, message } = attempt;
      return { ok, status, latencyMs, message };
    },
  );
}

function hostOf(url: string | null): string | null {
  return url === null ? null : new URL(url).host;
}
