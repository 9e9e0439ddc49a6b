import type { UsageSums } from '../../../gateway/doors/admin/contract.ts';
import { type Figure, FigureStrip } from '../../components/figure-strip.tsx';
import { count, NOTHING, percent } from '../../format.ts';
import { DAY_MS } from './local-clock.ts';
import { averageMoney, money } from './metric-words.ts';
import type { Span } from './span.ts';

/** The whole in five figures; of what is still being read nothing is told. */
export function UsageFigures({
  totals,
  span,
  now,
}: {
  totals: UsageSums | undefined;
  span: Span;
  now: number;
}) {
  const figures = totals === undefined ? blank(span) : figuresOf(totals, span, now);
  return <FigureStrip joined label={`Sums of ${span.dates}`} figures={figures} />;
}

function figuresOf(totals: UsageSums, span: Span, now: number): Figure[] {
  const { requests, refused, failed, inputTokens, outputTokens, cachedTokens, reasoningTokens } = totals;
  const tokens = inputTokens + outputTokens;
  return [
    {
      label: `Cost, ${span.label}`,
      value: money(totals.costMicros),
      note: rate(totals.costMicros, span, now),
    },
    { label: 'Requests', value: count(requests), note: `${count(refused)} refused, ${count(failed)} failed` },
    {
      label: 'Tokens in',
      value: count(inputTokens),
      note: inputTokens === 0 ? NOTHING : `${percent(cachedTokens / inputTokens)} from cache`,
    },
    {
      label: 'Tokens out',
      value: count(outputTokens),
      note: reasoningTokens === 0 ? 'none for reasoning' : `${count(reasoningTokens)} for reasoning`,
    },
    {
      label: 'Average request',
      ...averageMoney(totals.costMicros, requests),
      note: requests === 0 ? NOTHING : `${count(Math.round(tokens / requests))} tokens`,
    },
  ];
}

function blank(span: Span): Figure[] {
  const labels = [`Cost, ${span.label}`, 'Requests', 'Tokens in', 'Tokens out', 'Average request'];
  return labels.map((label) => ({ label, value: NOTHING, note: ' ' }));
}

/** What it comes to in a day, or in an hour of a short span: of the time that has passed. */
function rate(micros: number, { from, to, bucket }: Span, now: number): string {
  const passed = Math.min(to, now) - from;
  const [unit, word] = bucket === 'hour' ? [DAY_MS / 24, 'an hour'] : [DAY_MS, 'a day'];
  return `${money(micros / Math.max(1, passed / unit))} ${word}`;
}
