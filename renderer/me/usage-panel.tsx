import { lazy, Suspense } from 'react';
import { type OwnDay, useOwnDays } from '../colleague/queries.ts';
import { Panel } from '../components/panel.tsx';
import { Failed } from '../components/states.tsx';
import { count, day } from '../format.ts';
import classes from './usage-panel.module.css';

const TokensByDay = lazy(() => import('../pages/member/tokens-by-day.tsx'));

const DAYS = 30;
const DAY_MS = 86_400_000;

/** How much was used each day, in UTC as it is counted. */
export function UsagePanel() {
  const { data, error, refetch } = useOwnDays();
  const bars = data === undefined ? undefined : barsOf(data);
  const total = (data ?? []).reduce((sum, one) => sum + one.input_tokens + one.output_tokens, 0);
  return (
    <Panel
      title="Tokens by day"
      aside={data === undefined ? undefined : `${count(total)} in ${DAYS} days`}
      flush
    >
      {error !== null && bars === undefined ? (
        <Failed what="The use" error={error} onRetry={() => void refetch()} />
      ) : (
        <div
          className={classes.chart}
          role="img"
          aria-label={`Tokens by day, ${count(total)} in ${DAYS} days`}
          aria-busy={bars === undefined || undefined}
        >
          {total === 0 && data !== undefined ? (
            <p className={classes.none}>No tokens in {DAYS} days.</p>
          ) : (
            <Suspense fallback={null}>{bars !== undefined && <TokensByDay bars={bars} />}</Suspense>
          )}
        </div>
      )}
    </Panel>
  );
}

function barsOf(days: readonly OwnDay[]) {
  const byDate = new Map(days.map((one) => [one.date, one]));
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  return Array.from({ length: DAYS }, (_, index) => {
    const at = new Date(today - (DAYS - 1 - index) * DAY_MS);
    const one = byDate.get(at.toISOString().slice(0, 10));
    const tokens = (one?.input_tokens ?? 0) + (one?.output_tokens ?? 0);
    const isToday = index === DAYS - 1;
    return {
      day: day(at),
      ...{ tokens: isToday ? null : tokens, soFar: isToday ? tokens : null },
      ...{ requests: one?.requests ?? 0, costMicros: one?.cost_micros ?? 0 },
    };
  });
}
