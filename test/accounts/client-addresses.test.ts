import type { IncomingMessage } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClientAddresses } from '../../gateway/accounts/client-addresses.ts';
import type { ForwardedHeader } from '../../gateway/accounts/forwarded.ts';

const PROXY = '10.0.0.1';
const CLIENT = '203.0.113.9';

function clientOf(
  headers: Record<string, string>,
  { peer = PROXY, proxies = ['10.0.0.0/8'], header = 'x-forwarded-for' as ForwardedHeader } = {},
): string {
  const clients = new ClientAddresses(() => ({ proxies, header }));
  return clients.of({ socket: { remoteAddress: peer }, headers } as unknown as IncomingMessage);
}
const xff = (value: string, options = {}) => clientOf({ 'x-forwarded-for': value }, options);
const forwarded = (value: string) => clientOf({ forwarded: value }, { header: 'forwarded' });

describe('X-Forwarded-For of a trusted proxy', () => {
  it.each<[string, string]>([
    [CLIENT, CLIENT],
    ['  203.0.113.9  ', CLIENT],
    ['203.0.113.9:51234', CLIENT],
    ['[2001:db8::9]:51234', '2001:db8::9'],
    ['2001:DB8:0::9', '2001:db8::9'],
    ['::ffff:cb00:7109', CLIENT],
    ['198.51.100.1, 203.0.113.9', CLIENT],
    ['127.0.0.1, 203.0.113.9', CLIENT],
    ['203.0.113.9, 10.0.0.7, 10.0.0.8', CLIENT],
    ['nonsense, 203.0.113.9', CLIENT],
    ['"open quote, 203.0.113.9', CLIENT],
    ['10.0.0.9', '10.0.0.9'],
    ['10.0.0.9, 10.0.0.7', '10.0.0.9'],
    // Not even one word that can be read: the proxy itself.
    ['', PROXY],
    [',', PROXY],
    ['203.0.113.9,', PROXY],
    ['nonsense', PROXY],
    ['203.0.113.9, nonsense', PROXY],
    ['203.0.113.9, unknown', PROXY],
    ['203.0.113.9, , 10.0.0.7', PROXY],
    ['203.0.113.9, 203.0.113.256', PROXY],
    ['0313.0.113.9', PROXY],
    ['[203.0.113.9]', PROXY],
    ['[2001:db8::9', PROXY],
    ['203.0.113.9/32', PROXY],
    ['in-process', PROXY],
  ])('“%s” comes from %s', (value, address) => {
    expect(xff(value)).toBe(address);
  });

  it('counts in no other header', () => {
    expect(clientOf({ forwarded: `for=${CLIENT}`, 'x-real-ip': CLIENT, 'cf-connecting-ip': CLIENT })).toBe(
      PROXY,
    );
  });

  it('counts over an IPv6 socket as well', () => {
    expect(xff(CLIENT, { peer: '::ffff:10.0.0.1' })).toBe(CLIENT);
    expect(xff(CLIENT, { peer: 'fe80::1%eth0', proxies: ['fe80::/10'] })).toBe(CLIENT);
  });

  it('ends after a chain that nobody has', () => {
    const chain = [CLIENT, ...Array.from({ length: 5_000 }, () => PROXY)].join(',');
    expect(xff(chain)).toBe(PROXY);
  });
});

describe('Forwarded of a trusted proxy', () => {
  it.each<[string, string]>([
    ['for=203.0.113.9', CLIENT],
    ['For="203.0.113.9:47011"', CLIENT],
    ['for="[2001:db8:cafe::17]:4711"', '2001:db8:cafe::17'],
    ['for=203.0.113.9;proto=http;by=10.0.0.1', CLIENT],
    ['proto=https; by="a,b"; for=203.0.113.9', CLIENT],
    ['for=198.51.100.1, for=203.0.113.9;proto=https', CLIENT],
    ['for=203.0.113.9, for=10.0.0.7', CLIENT],
    ['for="open, for=203.0.113.9', CLIENT],
    ['for=unknown, for=203.0.113.9', CLIENT],
    ['for="_hidden"', PROXY],
    ['for=unknown', PROXY],
    ['proto=https', PROXY],
    ['for=203.0.113.9;for=198.51.100.1', PROXY],
    ['for="203.0.113.9', PROXY],
    ['203.0.113.9', PROXY],
  ])('“%s” comes from %s', (value, address) => {
    expect(forwarded(value)).toBe(address);
  });
});

it('nobody else says whose request it is', () => {
  const value = fc.oneof(
    fc.string(),
    fc.ipV4(),
    fc.array(fc.ipV4()).map((all) => all.join(', ')),
  );
  fc.assert(
    fc.property(fc.ipV4(), value, fc.constantFrom('x-forwarded-for', 'forwarded'), (peer, said, header) => {
      fc.pre(!peer.startsWith('10.'));
      expect(clientOf({ [header]: said }, { peer, header: header as ForwardedHeader })).toBe(peer);
      expect(clientOf({ [header]: said }, { proxies: [], header: header as ForwardedHeader })).toBe(PROXY);
    }),
  );
});

it('what a client writes left of a proxy’s word changes nothing', () => {
  const junk = fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-f:.,"\\;= for]{0,60}$/));
  fc.assert(
    fc.property(junk, fc.ipV4(), (made, address) => {
      fc.pre(!address.startsWith('10.'));
      expect(xff(`${made}, ${address}`)).toBe(address);
      expect(forwarded(`${made}, for=${address};proto=https`)).toBe(address);
    }),
    { numRuns: 500 },
  );
});

it('a new list holds from the next request on', () => {
  let proxies: readonly string[] = [];
  const clients = new ClientAddresses(() => ({ proxies, header: 'x-forwarded-for' }));
  const request = {
    socket: { remoteAddress: PROXY },
    headers: { 'x-forwarded-for': CLIENT },
  } as unknown as IncomingMessage;
  expect(clients.of(request)).toBe(PROXY);
  proxies = [PROXY];
  expect(clients.of(request)).toBe(CLIENT);
  proxies = ['10.0.0.2'];
  expect(clients.of(request)).toBe(PROXY);
});
