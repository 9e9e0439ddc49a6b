import { type MouseEvent, memo } from 'react';
import { count, day, plural } from '../../format.ts';
import { clockTime } from './time-span.ts';
import { stepWords, type TrafficBar } from './traffic.ts';
import classes from './traffic-strip.module.css';
import type { ShownTraffic } from './use-traffic.ts';

const HEIGHT = 28;
/** Of the strip's width: few bars stay slim. */
const WIDEST = 1 / 36;
const DAY_MS = 86_400_000;

interface TrafficStripProps {
  shown: ShownTraffic;
  /** How many there are, in words. */
  total: string;
  /** Shows the time of one bar alone. */
  onChoose: (from: number, to: number) => void;
}

/** How many requests there were over the time that is shown, refused ones on top in amber. A click shows one bar’s. */
export const TrafficStrip = memo(function TrafficStrip({
  shown: { traffic, from, to },
  total,
  onChoose,
}: TrafficStripProps) {
  const { bars, stepMs, admitted, refused } = traffic;
  const most = Math.max(1, ...bars.map((bar) => bar.admitted + bar.refused));
  const width = Math.min(0.8, bars.length * WIDEST);
  function choose(event: MouseEvent<SVGSVGElement>) {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const bar = bars[Math.floor(((event.clientX - left) / width) * bars.length)];
    if (bar !== undefined) onChoose(bar.at, bar.at + stepMs);
  }
  return (
    <div className={classes.strip}>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the filter of times does the same by keyboard */}
      <svg
        className={classes.bars}
        viewBox={`0 0 ${bars.length} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${plural(admitted + refused, 'request')}, ${count(refused)} refused; a bar is ${stepWords(stepMs)}`}
        onClick={choose}
      >
        {bars.map((bar, index) => (
          <Bar key={bar.at} bar={bar} at={index} width={width} most={most} stepMs={stepMs} />
        ))}
      </svg>
      <p className={classes.caption}>
        <span>{edge(from, from, to)}</span>
        <span>
          {total}; a bar is {stepWords(stepMs)}, amber is refused
        </span>
        <span>{edge(to, from, to)}</span>
      </p>
    </div>
  );
});

interface BarProps {
  bar: TrafficBar;
  at: number;
  /** Of its place, 0 to 1. */
  width: number;
  most: number;
  stepMs: number;
}

function Bar({ bar, at, width, most, stepMs }: BarProps) {
  const height = (amount: number) => (amount === 0 ? 0 : Math.max(1, (amount / most) * HEIGHT));
  const [admitted, refused] = [height(bar.admitted), height(bar.refused)];
  const place = { x: at + (1 - width) / 2, width };
  const top = Math.max(0, HEIGHT - admitted - refused);
  return (
    <g>
      <title>{`${barName(bar.at, stepMs)}: ${plural(bar.admitted, 'request')} admitted, ${count(bar.refused)} refused`}</title>
      <rect className={classes.place} x={at} y={0} width={1} height={HEIGHT} />
      <rect className={classes.admitted} {...place} y={HEIGHT - admitted} height={admitted} />
      <rect className={classes.refused} {...place} y={top} height={refused} />
    </g>
  );
}

function barName(at: number, stepMs: number): string {
  const from = new Date(at);
  if (stepMs >= DAY_MS) return day(from);
  return `${day(from)}, ${clockTime(from)} to ${clockTime(new Date(at + stepMs))}`;
}

/** Hours within a day, days over more. */
function edge(at: number, from: number, to: number): string {
  return to - from <= DAY_MS ? clockTime(new Date(at)) : day(new Date(at));
}
