import { lazy, Suspense } from 'react';
import { Panel } from '../../components/panel.tsx';
import { Failed } from '../../components/states.tsx';
import { plural } from '../../format.ts';
import { type HourBar, hourBars } from './hour-bars.ts';
import classes from './hours-panel.module.css';
import { useOverview } from './queries.ts';

/** The largest part of the page: it comes when the figures stand already. */
const HoursChart = lazy(() => import('./hours-chart.tsx'));

/** Today's requests by hour, yesterday's as a line. */
export function HoursPanel() {
  const { data, error, refetch } = useOverview();
  const bars = data === undefined ? undefined : hourBars(data.hours, Date.now());
  return (
    <Panel title="Requests by hour" aside={<Legend />} className={classes.panel ?? ''} flush>
      {bars === undefined && error !== null ? (
        <Failed what="The hours" error={error} onRetry={() => void refetch()} />
      ) : (
        <div
          className={classes.chart}
          role="img"
          aria-label={bars === undefined ? 'Requests by hour' : inWords(bars)}
        >
          {bars !== undefined && (
            <Suspense fallback={null}>
              <HoursChart bars={bars} />
            </Suspense>
          )}
        </div>
      )}
    </Panel>
  );
}

function Legend() {
  return (
    <span className={classes.legend} aria-hidden="true">
      <span className={classes.today}>today</span>
      <span className={classes.yesterday}>yesterday</span>
    </span>
  );
}

function inWords(bars: readonly HourBar[]): string {
  const sum = bars.reduce((total, { today, running }) => total + (today ?? 0) + (running ?? 0), 0);
  const most = bars.toSorted((a, b) => (b.today ?? 0) - (a.today ?? 0))[0];
  const busiest =
    most?.today == null || most.today === 0
      ? ''
      : `; most at ${most.hour}:00, ${plural(most.today, 'request')}`;
  return `Requests by hour: ${plural(sum, 'request')} today${busiest}`;
}
