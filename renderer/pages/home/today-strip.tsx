import type { Figures, Overview } from '../../../gateway/doors/admin/contract.ts';
import { type Figure, FigureStrip } from '../../components/figure-strip.tsx';
import { Failed } from '../../components/states.tsx';
import { change, count, dollars, duration, NOTHING, percent } from '../../format.ts';
import { useOverview } from './queries.ts';
import classes from './today-strip.module.css';

/** Today's sums beside yesterday's up to this minute. */
export function TodayStrip() {
  const { data, error, refetch } = useOverview();
  if (data === undefined && error !== null)
    return <Failed what="Today’s figures" error={error} onRetry={() => void refetch()} />;
  return <FigureStrip label="Today" figures={figuresOf(data)} />;
}

const NAMES = ['Requests today', 'Tokens', 'Cost', 'First byte, median', 'Refused and failed'] as const;

function figuresOf(overview: Overview | undefined): Figure[] {
  if (overview === undefined) return NAMES.map((label) => ({ label, value: '\u00a0', note: '\u00a0' }));
  const { today, yesterday } = overview;
  const [requests, tokens, cost, firstByte, refused] = NAMES;
  return [
    compared(requests, today.requests, yesterday.requests, count),
    compared(tokens, today.tokens, yesterday.tokens, count),
    compared(cost, today.costMicros, yesterday.costMicros, dollars),
    firstByteFigure(firstByte, today.firstByteMs, yesterday.firstByteMs),
    notServed(refused, today, yesterday),
  ];
}

function compared(label: string, now: number, before: number, words: (value: number) => string): Figure {
  return { label, value: words(now), note: <Note bold={change(now, before)} before={words(before)} /> };
}

function firstByteFigure(label: string, now: number | null, before: number | null): Figure {
  const [value = NOTHING, unit] = duration(now).split(' ');
  return {
    ...{ label, value: now === null ? NOTHING : value },
    ...(now === null || unit === undefined ? {} : { unit }),
    note: (
      <Note bold={now === null || before === null ? null : change(now, before)} before={duration(before)} />
    ),
  };
}

function notServed(label: string, today: Figures, yesterday: Figures): Figure {
  const amount = today.refused + today.failed;
  const all = today.requests + today.refused;
  const before = count(yesterday.refused + yesterday.failed);
  const bold =
    today.failed > 0
      ? `${count(today.failed)} failed`
      : amount === 0
        ? null
        : `${percent(amount / all, 1)} of all`;
  return { label, value: count(amount), note: <Note bold={bold} before={before} /> };
}

function Note({ bold, before }: { bold: string | null; before: string }) {
  return (
    <>
      {bold !== null && <b>{bold}</b>}
      {bold !== null && ', '}
      <span className={classes.whole}>yesterday {before}</span>
    </>
  );
}
