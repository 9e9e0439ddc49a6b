import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { UsageDimension, UsageQuery } from '../../audit/usage-cells.ts';
import { FEW_GROUPS, type UsageAnswer, type UsageReport } from '../../audit/usage-report.ts';
import type { UsageMetric } from '../../audit/usage-sum-table.ts';
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
const DEFAULT_SPAN_MS = {
  ...{ hour: 2 * DAY_MS, day: 30 * DAY_MS, total: 30 * DAY_MS },
  ...{ week: 364 * DAY_MS, month: 365 * DAY_MS },
};
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
        summary: 'What was used, by hour, day, week or month and by model, member, key, provider or tool',
        description:
          'With `top` only the groups that are largest over the whole span have rows of their own; one row a step, with `others`, is of all the rest. With `format=csv` every row is given, or one page where `page` or `pageSize` is given; totals are left out.',
        querystring: contract.UsageListQuery,
        response: answers(contract.UsageList),
      },
    },
    async ({ query }, reply) => {
      const asked = reportQuery(query, parts.clock.wall());
      const isCsv = query.format === 'csv';
      const isWhole = isCsv && query.page === undefined && query.pageSize === undefined;
      const page = contract.pageOf({ pageSize: PAGE_SIZE, ...query });
      const paged = isWhole ? { page: 1, limit: Number.MAX_SAFE_INTEGER, offset: 0 } : page;
      const { rows, total, totals, groups } = await answer(
        parts.usage,
        asked,
        { ...query, ...paged },
        hangUpSignal(reply.raw),
      );
      if (isCsv) {
        reply
          .type('text/csv; charset=utf-8')
          .header('content-disposition', 'attachment; filename="usage.csv"')
          .header('cache-control', 'no-store');
        const columns = columnsOf(asked.groupBy, query.top !== undefined);
        return reply.send(Readable.from(csvText(columns, rows)) as never);
      }
      return {
        data: rows,
        pagination: { page: page.page, limit: page.limit, total },
        totals,
        ...(groups === undefined ? {} : { groups }),
      };
    },
  );
}

interface Page {
  limit: number;
  offset: number;
  metric?: UsageMetric | undefined;
  top?: number | undefined;
}

/** @returns the rows of the page, of `total` */
async function answer(
  usage: UsageReport,
  query: UsageQuery,
  { limit, offset, metric = 'use', top }: Page,
  signal: AbortSignal,
): Promise<UsageAnswer & { total: number; groups?: number }> {
  // Of a few groups, the others need not be put together.
  if (query.step === 'total' && top === undefined && limit <= FEW_GROUPS) {
    return usage.largest(query, { metric, offset, limit }, signal);
  }
  const all =
    top === undefined
      ? await usage.report(query, signal, metric)
      : await usage.top(query, { metric, count: top }, signal);
  return { ...all, rows: all.rows.slice(offset, offset + limit), total: all.rows.length };
}

function reportQuery(query: contract.UsageListQuery, now: number): UsageQuery {
  const { memberId, keyId, providerId, model, tool } = query;
  const { step, groupBy } = grouping(query);
  return {
    ...reportSpan(query, step, now),
    ...{ step, groupBy, model, tool },
    timeZoneOffsetMinutes: query.timeZoneOffsetMinutes ?? 0,
    memberId: memberId === undefined ? undefined : idOf(memberId),
    keyId: keyId === undefined ? undefined : idOf(keyId),
    providerId: providerId === undefined ? undefined : idOf(providerId),
  };
}

type Column = keyof contract.UsageRow;

const GROUP_COLUMNS: Readonly<Record<UsageDimension, readonly Column[]>> = {
  model: ['model'],
  member: ['memberId', 'memberName'],
  key: ['keyId', 'keyName', 'keyPrefix'],
  provider: ['providerId', 'providerName'],
  tool: ['tool'],
};

function columnsOf(groupBy: readonly UsageDimension[], hasOthers: boolean): Column[] {
  const sums = Object.keys(contract.UsageSums.shape) as (keyof contract.UsageSums)[];
  const groups = groupBy.flatMap((dimension) => GROUP_COLUMNS[dimension]);
  return ['start', ...groups, ...(hasOthers ? (['others'] as const) : []), ...sums];
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
