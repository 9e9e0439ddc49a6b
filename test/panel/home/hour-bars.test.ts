import { expect, test } from 'vitest';
import { hourBars } from '../../../renderer/pages/home/hour-bars.ts';

test('the running hour stands by itself, those to come have nothing', () => {
  const midnight = new Date(2026, 10, 21).getTime();
  const hours = [4, 7, 2, null].map((requests, hour) => ({
    ...{ start: new Date(midnight + hour * 3_600_000).toISOString(), requests, yesterday: 5 },
  }));
  expect(hourBars(hours, midnight + 2.5 * 3_600_000)).toEqual([
    { hour: '00', today: 4, running: null, yesterday: 5 },
    { hour: '01', today: 7, running: null, yesterday: 5 },
    { hour: '02', today: null, running: 2, yesterday: 5 },
    { hour: '03', today: null, running: null, yesterday: 5 },
  ]);
});
