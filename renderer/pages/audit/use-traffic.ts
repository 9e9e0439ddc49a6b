import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { AuditRow, UsageList } from '../../../gateway/doors/admin/contract.ts';
import { getJson } from '../../api/admin-api.ts';
import { FIGURES } from '../../api/query-keys.ts';
import { startOfDay } from '../../format.ts';
import type { AuditQuery } from './audit-query.ts';
import type { TimeSpan } from './time-span.ts';
import {
  areSummed,
  fineStep,
  STEP_MS,
  summedStep,
  type Traffic,
  trafficOfRows,
  trafficOfSums,
} from './traffic.ts';

const ALL_ROWS = 10_000;

/** Requests over the time that is shown; null where nothing tells of them without reading the whole log. */
export interface ShownTraffic {
  traffic: Traffic;
  from: number;
  to: number;
}

/**
 * From the rows themselves where all of them are here, else from the sums by hour or day.
 * @param whole every row of the list, newest first; null where there are more than are held
 */
export function useTraffic(
  query: AuditQuery | undefined,
  span: TimeSpan,
  whole: readonly AuditRow[] | null,
  now: number,
): ShownTraffic | null {
  const oldest = whole?.at(-1);
  const from = span.from ?? (oldest === undefined ? null : Date.parse(oldest.at));
  const to = span.to === null ? now : Math.min(span.to, now);
  const fine = from === null || whole === null ? null : fineStep(from, to);
  const summable = query !== undefined && fine === null && from !== null && from < to && areSummed(query);
  const step = from === null ? 'hour' : summedStep(from, to);

  const { data } = useQuery({
    queryKey: [FIGURES, 'traffic', query, step],
    queryFn: async ({ signal }) => {
      const { outcome: _outcome, ...summed } = query ?? {};
      const offset = -new Date().getTimezoneOffset();
      const asked = { ...summed, step, timeZoneOffsetMinutes: offset, pageSize: ALL_ROWS };
      return (await getJson<UsageList>('/usage', asked, signal)).data;
    },
    enabled: summable,
    placeholderData: keepPreviousData,
  });

  const outcome = query?.outcome;
  return useMemo(() => {
    if (from === null || from >= to) return null;
    if (fine !== null && whole !== null) {
      const start = Math.floor(from / fine) * fine;
      return { traffic: trafficOfRows(whole, { from: start, to, stepMs: fine }), from: start, to };
    }
    if (!summable || data === undefined) return null;
    const start = step === 'hour' ? Math.floor(from / STEP_MS.hour) * STEP_MS.hour : localDay(from);
    const bars = { from: start, to, stepMs: STEP_MS[step] };
    return { traffic: trafficOfSums(data, bars, outcome), from: start, to };
  }, [from, to, fine, whole, summable, data, step, outcome]);
}

function localDay(at: number): number {
  return startOfDay(new Date(at)).getTime();
}
