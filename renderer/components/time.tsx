import { Tooltip } from '@mantine/core';
import { ago, comingMoment, moment, NOTHING, utc } from '../format.ts';

type How = 'moment' | 'ago' | 'coming';

const WORDS: Record<How, (iso: string) => string> = { moment, ago, coming: comingMoment };

/** A moment in local time, with UTC in a tooltip; – for none. */
export function Time({ at, how = 'moment' }: { at: string | null | undefined; how?: How }) {
  if (at == null) return <>{NOTHING}</>;
  return (
    <Tooltip label={utc(at)}>
      <time dateTime={at}>{WORDS[how](at)}</time>
    </Tooltip>
  );
}
