import { startOfDay } from '../../format.ts';

/** To the second: 16:41:46 today, 18 Nov 16:41:46 before. Intl is asked once: a scrolling grid shows hundreds. */
const TIME = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const OLD = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: '2-digit' });

export function rowMoment(iso: string, now = new Date()): string {
  const at = new Date(iso);
  if (at >= startOfDay(now)) return TIME.format(at);
  const day = at.getFullYear() === now.getFullYear() ? DAY : OLD;
  return `${day.format(at)} ${TIME.format(at)}`;
}
