import type { NetworkInterfaceInfo } from 'node:os';
import { expect, test } from 'vitest';
import { listenUrls } from '../gateway/listen-urls.ts';
import type { ListenAddress } from '../gateway/listening.ts';

const ip = (address: string, family: 'IPv4' | 'IPv6' = 'IPv4', internal = false) =>
  ({ address, family, internal }) as NetworkInterfaceInfo;
const INTERFACES = {
  lo: [ip('127.0.0.1', 'IPv4', true), ip('::1', 'IPv6', true)],
  eth0: [ip('192.168.1.4'), ip('fe80::1', 'IPv6')],
  wlan0: [ip('192.168.1.5'), ip('169.254.7.7')],
};
const listening = (...bound: string[]): ListenAddress => ({
  ...{ url: 'http://127.0.0.1:7411', host: bound[0] ?? '', port: 7411, from: 'flag', bound },
});

test.each([
  [null, []],
  [listening('127.0.0.1', '::1'), ['http://127.0.0.1:7411']],
  [listening('0.0.0.0'), ['http://127.0.0.1:7411', 'http://192.168.1.4:7411', 'http://192.168.1.5:7411']],
  [listening('::'), ['http://127.0.0.1:7411', 'http://192.168.1.4:7411', 'http://192.168.1.5:7411']],
])('%j is reached at %j', (address, urls) => {
  expect(listenUrls(address, () => INTERFACES)).toEqual(urls);
});
