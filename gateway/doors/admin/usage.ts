import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { UsageDimension, UsageQuery } from '../../audit/usage-cells.ts';
import { hangUpSignal } from '../client-connection.ts';
import { spanOf } from '../span.ts';
import * as contract from './contract.ts';
import { csvHead, csvLines } from './csv.ts';
import { invalid } from './errors.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { answers } from './schemas.ts';
import { idOf } from './values.ts';

const DAY_MS = 86_400_000;
/** What a report covers unless told. */
const DEFAULT_SPAN_MS = { hour: 2 * DAY_MS, day: 30 * DAY_MS, total: 30 * DAY_MS };
/** More hours than a chart can show, and as many rows as an answer should hold. */
const LONGEST_BY_HOUR_MS = 100 * DAY_MS;
/** A chart needs all of its points. */
const PAGE_SIZE = 10_000;
/** Lines written in one go: about a millisecond of the gateway's thread. */
const CSV_ROWS = 500;

export function usageRoutes(app: AdminApp, parts: AdminParts): void {
  app.get(
    '/usage',
    {
      schema: {
        summary: 'What was used, by hour or day and by model, member, key, provider or tool',
        description:
          'With `format=csv` every row is given, or one page where `page` or `pageSize` is given; totals are left out.',
        querystring: contract.UsageListQuery,
        response: answers(contract.UsageList),
      },
    },
    async ({ query }, reply) => {
      const { memberId, keyId, providerId, model, tool } = query;
      const { step, groupBy } = grouping(query);
      const { from, to } = reportSpan(query, step, parts.clock.wall());
      const { page, limit, offset } = contract.pageOf({ pageSize: PAGE_SIZE, ...query });
      const { rows, totals } = await parts.usage.report(
        {
          ...{ from, to, step, groupBy, model, tool },
          timeZoneOffsetMinutes: query.timeZoneOffsetMinutes ?? 0,
          memberId: memberId === undefined ? undefined : idOf(memberId),
          keyId: keyId === undefined ? undefined : idOf(keyId),
          providerId: providerId === undefined ? undefined : idOf(providerId),
        },
        hangUpSignal(reply.raw),
      );
      if (query.format === 'csv') {
        const isPage = query.page !== undefined || query.pageSize !== undefined;
        reply
          .type('text/csv; charset=utf-8')
          .header('content-disposition', 'attachment; filename="usage.csv"')
          .header('cache-control', 'no-store');
        const shown = isPage ? rows.slice(offset, offset + limit) : rows;
        return reply.send(Readable.from(csvText(columnsOf(groupBy), shown)) as never);
      }
      return {
        data: rows.slice(offset, offset + limit),
        pagination: { page, limit, total: rows.length },
        totals,
      };
    },
  );
}

type Column = keyof contract.UsageRow;

const GROUP_COLUMNS: Readonly<Record<UsageDimension, readonly Column[]>> = {
  model: ['model'],
  member: ['memberId', 'memberName'],
  key: ['keyId', 'keyName', 'keyPrefix'],
  provider: ['providerId', 'providerName'],
  tool: ['tool'],
};

function columnsOf(groupBy: readonly UsageDimension[]): Column[] {
  const sums = Object.keys(contract.UsageSums.shape) as (keyof contract.UsageSums)[];
  return ['start', ...groupBy.flatMap((dimension) => GROUP_COLUMNS[dimension]), ...sums];
}

async function* csvText(
  columns: readonly Column[],
  rows: readonly contract.UsageRow[],
): AsyncGenerator<string, void, undefined> {
  yield csvHead(columns);
  for (let at = 0; at < rows.length; at += CSV_ROWS) {
    yield csvLines(columns, rows.slice(at, at + CSV_ROWS));
    await nextTurn();
  }
}

function grouping(query: contract.UsageListQuery): Pick<UsageQuery, 'step' | 'groupBy'> {
  const asked = [...(query.groupBy ?? []), ...(query.by ?? [])];
  const steps = asked.filter((name) => contract.UsageStep.options.some((step) => step === name));
  const groupBy = contract.UsageDimension.options.filter((dimension) => asked.includes(dimension));
  return { step: query.step ?? contract.UsageStep.parse(steps[0] ?? 'day'), groupBy };
}

function reportSpan(query: contract.UsageListQuery, step: keyof typeof DEFAULT_SPAN_MS, now: number) {
  const span = spanOf(query);
  const to = Math.min(span.to, now + DAY_MS);
  const from = query.startDate === undefined ? Math.min(to, now) - DEFAULT_SPAN_MS[step] : span.from;
  if (step === 'hour' && to - from > LONGEST_BY_HOUR_MS) {
    throw invalid(
      'startDate',
      'Hours can be told for 100 days at most. Ask for a shorter span, or for days.',
    );
  }
  return { from, to };
}
