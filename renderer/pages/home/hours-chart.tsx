import '@mantine/charts/styles.css';
import { CompositeChart } from '@mantine/charts';
import { count, plural } from '../../format.ts';
import type { HourBar } from './hour-bars.ts';
import classes from './hours-chart.module.css';

const HEIGHT = 190;

/** Bars for today, the running hour half tone; a dashed line for yesterday. */
export default function HoursChart({ bars }: { bars: readonly HourBar[] }) {
  return (
    <CompositeChart
      h={HEIGHT}
      data={bars as HourBar[]}
      dataKey="hour"
      series={[
        { name: 'today', type: 'bar', color: 'var(--bar)' },
        { name: 'running', type: 'bar', color: 'var(--bar)' },
        { name: 'yesterday', type: 'line', color: 'var(--ghost)', strokeDasharray: '3 3' },
      ]}
      gridAxis="x"
      gridColor="var(--line)"
      tickLine="none"
      strokeDasharray="0"
      withDots={false}
      strokeWidth={1}
      curveType="monotone"
      maxBarWidth={32}
      barProps={({ name }) => ({
        ...{ isAnimationActive: false, stackId: 'today' },
        ...(name === 'running' ? { fillOpacity: 0.5 } : {}),
      })}
      lineProps={{ isAnimationActive: false, activeDot: false }}
      composedChartProps={{
        accessibilityLayer: false,
        barCategoryGap: '12%',
        margin: { top: 8, right: 16, left: 0, bottom: 0 },
      }}
      xAxisProps={{ interval: 2 }}
      yAxisProps={{ tickFormatter: tickWords, width: 52, allowDecimals: false, tickMargin: 0 }}
      tooltipAnimationDuration={0}
      tooltipProps={{
        content: ({ payload }) => {
          const bar = (payload[0]?.payload ?? null) as HourBar | null;
          return bar === null ? null : <HourTooltip {...bar} />;
        },
      }}
    />
  );
}

/** 300, 1.2 k, 1.5 M: an axis has little room. */
function tickWords(value: number): string {
  if (value < 1_000 || value >= 1e6) return count(value);
  return `${(value / 1_000).toLocaleString('en-US', { maximumFractionDigits: 1 })} k`;
}

function HourTooltip({ hour, today, running, yesterday }: HourBar) {
  const now = today ?? running;
  return (
    <div className={classes.tooltip}>
      <p className={classes.title}>
        {hour}:00{running === null ? '' : ', so far'}
      </p>
      {now !== null && <p>{plural(now, 'request')}</p>}
      <p className={classes.before}>yesterday {plural(yesterday, 'request')}</p>
    </div>
  );
}
