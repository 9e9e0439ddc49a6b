import type { Overview } from '../../../gateway/doors/admin/contract.ts';

/** An hour of the local day. */
export interface HourBar {
  /** Such as `09`. */
  hour: string;
  /** Null for the running hour and for those to come. */
  today: number | null;
  /** In the hour that runs, so far; null for all others. */
  running: number | null;
  yesterday: number;
}

const HOUR_MS = 3_600_000;

/** @param now wall-clock ms */
export function hourBars(hours: Overview['hours'], now: number): HourBar[] {
  return hours.map(({ start, requests, yesterday }) => {
    const from = Date.parse(start);
    const runs = requests !== null && now >= from && now < from + HOUR_MS;
    return {
      hour: String(new Date(from).getHours()).padStart(2, '0'),
      today: runs ? null : requests,
      running: runs ? requests : null,
      yesterday,
    };
  });
}
