import { expect, test } from 'vitest';
import { publicAddress } from '../../../renderer/pages/connect/public-address.ts';

test.each([
  ['https://ntl.example.net', 'https://ntl.example.net'],
  [' ntl.example.net/cursor/v1 ', 'https://ntl.example.net'],
  ['http://ntl.example.net:8080/', 'http://ntl.example.net:8080'],
  ['', null],
  ['ntl', null],
  ['ftp://ntl.example.net', null],
  ['https://ntl example.net', null],
])('%j is %j', (typed, address) => {
  expect(publicAddress(typed)).toBe(address);
});
