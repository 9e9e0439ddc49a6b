import '@mantine/charts/styles.css';
import { BarChart } from '@mantine/charts';
import { compact, count, dollars, plural } from '../../format.ts';
import classes from './tokens-panel.module.css';

interface DayBar {
  day: string;
  tokens: number | null;
  /** Today's. */
  soFar: number | null;
  requests: number;
  costMicros: number;
}

/** One bar a day, today last. */
export default function TokensByDay({ bars }: { bars: readonly DayBar[] }) {
  return (
    <BarChart
      h={144}
      data={bars as DayBar[]}
      dataKey="day"
      type="stacked"
      series={[
        { name: 'tokens', color: 'var(--bar)' },
        { name: 'soFar', color: 'var(--bar)' },
      ]}
      gridColor="var(--line)"
      gridAxis="x"
      tickLine="none"
      strokeDasharray="0"
      barProps={({ name }) => ({
        isAnimationActive: false,
        radius: [2, 2, 0, 0],
        ...(name === 'soFar' ? { fillOpacity: 0.5 } : {}),
      })}
      barChartProps={{
        accessibilityLayer: false,
        barCategoryGap: '18%',
        margin: { top: 8, right: 0, left: 0, bottom: 0 },
      }}
      xAxisProps={{ interval: 9, tickMargin: 8 }}
      yAxisProps={{ tickFormatter: tick, width: 52, allowDecimals: false, tickMargin: 8, tickCount: 4 }}
      cursorFill="var(--ink)"
      tooltipAnimationDuration={0}
      tooltipProps={{
        content: ({ payload }) => {
          const bar = (payload?.[0]?.payload ?? null) as DayBar | null;
          return bar === null ? null : <DayTooltip {...bar} />;
        },
      }}
    />
  );
}

/** 5 M rather than 5.0 M. */
function tick(value: number): string {
  return compact(value).replace('.0 ', ' ');
}

function DayTooltip({ day, tokens, soFar, requests, costMicros }: DayBar) {
  return (
    <div className={classes.tooltip}>
      <p className={classes.title}>
        {day}
        {soFar === null ? '' : ', so far'}
      </p>
      <p>{count(tokens ?? soFar ?? 0)} tokens</p>
      <p className={classes.cost}>
        {plural(requests, 'request')}, {dollars(costMicros)}
      </p>
    </div>
  );
}
