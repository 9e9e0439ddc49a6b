import { expect, test } from 'vitest';
import { baseUrls } from '../../../renderer/pages/home/addresses.ts';

test('only what is listened at is offered, the computer’s own in both styles', () => {
  expect(baseUrls([])).toEqual([]);
  expect(baseUrls(['http://127.0.0.1:7411']).map(({ url }) => url)).toEqual([
    'http://127.0.0.1:7411/api/v1',
    'http://127.0.0.1:7411/api',
  ]);
  expect(baseUrls(['http://127.0.0.1:7411', 'http://192.168.1.4:7411']).at(-1)).toEqual({
    label: 'Colleagues on your network',
    url: 'http://192.168.1.4:7411/api/v1',
  });
});
