import { lazy, Suspense } from 'react';
import type { UsageSums } from '../../../gateway/doors/admin/contract.ts';
import { Panel } from '../../components/panel.tsx';
import { Failed } from '../../components/states.tsx';
import { count, day } from '../../format.ts';
import { DAYS } from './days.ts';
import { useDays } from './queries.ts';
import classes from './tokens-panel.module.css';

const TokensByDay = lazy(() => import('./tokens-by-day.tsx'));

/** How much a member used each day. */
export function TokensPanel({ memberId }: { memberId: string }) {
  const { data, error, refetch } = useDays(memberId);
  const bars = data?.days.map(({ at, sums }, index) => ({
    day: day(at),
    ...tokensOf(sums, index === data.days.length - 1),
    requests: sums?.requests ?? 0,
    costMicros: sums?.costMicros ?? 0,
  }));
  const total = data === undefined ? 0 : data.totals.inputTokens + data.totals.outputTokens;
  return (
    <Panel
      title="Tokens by day"
      aside={data === undefined ? undefined : `${count(total)} in ${DAYS} days`}
      flush
    >
      {error !== null && bars === undefined ? (
        <Failed what="The usage" error={error} onRetry={() => void refetch()} />
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

/** Today is still going on. */
function tokensOf(sums: UsageSums | undefined, isToday: boolean) {
  const tokens = sums === undefined ? 0 : sums.inputTokens + sums.outputTokens;
  return isToday ? { tokens: null, soFar: tokens } : { tokens, soFar: null };
}
