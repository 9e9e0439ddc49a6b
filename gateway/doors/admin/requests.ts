import { Readable } from 'node:stream';
import type { RequestRefusal } from '../../audit/refusals.ts';
import type { RequestFilter } from '../../audit/request-query.ts';
import { hangUpSignal } from '../client-connection.ts';
import { spanOf } from '../span.ts';
import * as contract from './contract.ts';
import { csvHead, csvLines } from './csv.ts';
import { notFound } from './errors.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { answers, IdParams } from './schemas.ts';
import { idOf, isoTime } from './values.ts';

export function requestRoutes(app: AdminApp, parts: AdminParts): void {
  const { requests } = parts;

  app.get(
    '/requests',
    {
      schema: {
        summary: 'The audit log, newest first',
        description:
          'With `format=csv` or `format=jsonl` every matching row is streamed, or one page where `page` or `pageSize` is given.',
        querystring: contract.RequestsQuery,
        response: answers(contract.listOf(contract.AuditRow)),
      },
    },
    async ({ query }, reply) => {
      const gone = hangUpSignal(reply.raw);
      const filter = filterOf(query);
      const { page, limit, offset } = contract.pageOf(query);
      const { format = 'json' } = query;
      if (format === 'json') {
        const { rows, total, capped } = await requests.list(filter, { limit, offset }, gone);
        return { data: rows, pagination: { page, limit, total, ...(capped ? { capped } : {}) } };
      }
      const isPage = query.page !== undefined || query.pageSize !== undefined;
      const rows = isPage ? onePage() : requests.export(filter);
      reply
        .type(format === 'csv' ? 'text/csv; charset=utf-8' : 'application/jsonl; charset=utf-8')
        .header('content-disposition', `attachment; filename="requests.${format}"`)
        .header('cache-control', 'no-store');
      return reply.send(Readable.from(format === 'csv' ? csvText(rows) : jsonText(rows)) as never);

      async function* onePage() {
        yield (await requests.list(filter, { limit, offset }, gone)).rows;
      }
    },
  );

  app.get(
    '/requests/:id',
    {
      schema: {
        summary: 'One request with its failed attempts, and what refused it',
        params: IdParams,
        response: answers(contract.AuditRowDetail),
      },
    },
    async ({ params }) => {
      const id = idOf(params.id);
      const row = requests.row(id);
      if (row === undefined) throw notFound('request');
      const refusal = requests.refusal(id);
      const refusedBy = refusal === undefined ? null : shapeRefusal(refusal);
      return { ...row, refusedBy, failedAttempts: requests.failedAttempts(id) };
    },
  );
}

function shapeRefusal(refusal: RequestRefusal): contract.AuditRowDetail['refusedBy'] {
  if (refusal.kind === 'balance') return refusal;
  const { passesAt } = refusal;
  return { ...refusal, passesAt: passesAt === null ? null : isoTime(passesAt) };
}

function filterOf(query: contract.RequestsQuery): RequestFilter {
  const { memberId, keyId, providerId, keyPrefix, streamed, ...texts } = query;
  const { model, tool, endpoint, address, status, code, outcome, requestId } = texts;
  return {
    ...{ model, tool, endpoint, address, status, code, outcome, requestId },
    memberId: memberId === undefined ? undefined : idOf(memberId),
    keyId: keyId === undefined ? undefined : idOf(keyId),
    providerId: providerId === undefined ? undefined : idOf(providerId),
    keyPrefix,
    streamed: streamed === undefined ? undefined : streamed === 'true',
    ...spanOf(query),
  };
}

async function* csvText(pages: AsyncIterable<contract.AuditRow[]>): AsyncGenerator<string, void, undefined> {
  yield csvHead(COLUMNS);
  for await (const rows of pages) yield csvLines(COLUMNS, rows);
}

async function* jsonText(pages: AsyncIterable<contract.AuditRow[]>): AsyncGenerator<string, void, undefined> {
  for await (const rows of pages) yield rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

const COLUMNS = Object.keys(contract.AuditRow.shape) as (keyof contract.AuditRow)[];
