import '@mantine/charts/styles.css';
import { BarChart } from '@mantine/charts';
import type { Bar } from './bars.ts';
import type { Group, Metric, Shade } from './groups.ts';
import type { LocalClock } from './local-clock.ts';
import { tickWords, valueWords } from './metric-words.ts';
import { bucketName, bucketTick, type Span } from './span.ts';
import classes from './usage-chart.module.css';

const HEIGHT = 236;
const TICKS = 8;

interface UsageChartProps {
  bars: readonly Bar[];
  groups: readonly Group[];
  /** How many groups there are, those not listed included. */
  count: number;
  metric: Metric;
  span: Span;
  clock: LocalClock;
  now: number;
}

/** Stacked bars, the largest group at the bottom. The table's swatches are the legend. */
export default function UsageChart({ bars, groups, count, metric, span, clock, now }: UsageChartProps) {
  const series = seriesOf(groups, count);
  const tick = (at: number) => bucketTick(at, span, clock, now);
  return (
    <BarChart
      h={HEIGHT}
      data={bars as Bar[]}
      dataKey="at"
      type="stacked"
      series={series.map(({ shade, name }) => ({ name: shade, label: name, color: `var(--${shade})` }))}
      gridAxis="x"
      tickLine="none"
      strokeDasharray="0"
      gridColor="var(--line)"
      textColor="var(--ink3)"
      maxBarWidth={32}
      barProps={{ isAnimationActive: false }}
      barChartProps={{ accessibilityLayer: false, barCategoryGap: '18%' }}
      xAxisProps={{ tickFormatter: tick, interval: Math.max(0, Math.ceil(bars.length / TICKS) - 1) }}
      yAxisProps={{ tickFormatter: (value: number) => tickWords(value, metric), width: 52 }}
      cursorFill="var(--hover)"
      tooltipAnimationDuration={0}
      tooltipProps={{
        content: ({ payload }) => {
          const bar = (payload[0]?.payload ?? null) as Bar | null;
          if (bar === null) return null;
          return (
            <BarTooltip
              bar={bar}
              title={bucketName(bar.at, span, clock, now)}
              series={series}
              metric={metric}
            />
          );
        },
      }}
    />
  );
}

interface Series {
  shade: Shade;
  name: string;
}

function seriesOf(groups: readonly Group[], count: number): Series[] {
  const shaded = groups.filter(({ shade }) => shade !== 'rest').map(({ shade, name }) => ({ shade, name }));
  const rest = count - shaded.length;
  if (rest === 0) return shaded;
  return [
    ...shaded,
    { shade: 'rest', name: rest === 1 ? (groups[shaded.length]?.name ?? '1 other') : `${rest} others` },
  ];
}

function BarTooltip({
  bar,
  title,
  series,
  metric,
}: {
  bar: Bar;
  title: string;
  series: readonly Series[];
  metric: Metric;
}) {
  return (
    <div className={classes.tooltip}>
      <p className={classes.title}>{title}</p>
      {series
        .filter(({ shade }) => bar[shade] > 0)
        .map(({ shade, name }) => (
          <p key={shade} className={classes.line}>
            <span className={classes.swatch} style={{ background: `var(--${shade})` }} />
            <span className={classes.name}>{name}</span>
            <span>{valueWords(bar[shade], metric)}</span>
          </p>
        ))}
      <p className={classes.total}>
        <span className={classes.name}>Together</span>
        <span>{valueWords(bar.total, metric)}</span>
      </p>
    </div>
  );
}
