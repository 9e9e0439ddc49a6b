import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostNames } from '../../gateway/sharing/host-names.ts';
import { admission, ownAddresses, sharedAddresses } from '../../gateway/sharing/own-network.ts';
import { FakeNetwork } from './fake-network.ts';

const OFFICE = new FakeNetwork({
  lan0: ['192.168.1.5/24', 'fd00:1::5/64', '2001:db8:1::5/64', 'fe80::1/64'],
  guest0: ['10.9.0.1/16'],
  dsl0: ['203.0.113.7/24'],
  vpn0: ['100.100.1.1/32'],
  self0: ['169.254.7.7/16'],
});

const shared = (chosen: readonly string[] | null) =>
  sharedAddresses(ownAddresses(OFFICE.view), chosen).map(({ address }) => address);

describe('what is shared', () => {
  it('is every private address where none is chosen; links alone, carriers and the internet are not', () => {
    expect(shared(null)).toEqual(['10.9.0.1', '192.168.1.5', 'fd00:1::5']);
  });

  it('is what was chosen, however it was written, as far as the computer has it', () => {
    expect(shared(['FD00:1:0:0::5', '100.100.1.1', '192.168.1.99'])).toEqual(['fd00:1::5', '100.100.1.1']);
  });
});

describe('who may connect', () => {
  it.each([
    ['192.168.1.77', true],
    ['::ffff:192.168.1.77', true],
    ['10.9.200.1', true],
    // Of the same wire, though of a public prefix.
    ['2001:db8:1::77', true],
    ['fe80::77', true],
    // Another office behind a router.
    ['172.20.1.1', true],
    ['203.0.113.99', false],
    ['198.51.100.1', false],
    ['', false],
  ])('%s where all that is private is shared: %s', (address, admitted) => {
    expect(admission(OFFICE.view, null)(address)).toBe(admitted);
  });

  it.each([
    ['192.168.1.77', true],
    ['10.9.200.1', false],
    ['::ffff:10.9.200.1', false],
    ['203.0.113.99', false],
    ['198.51.100.1', true],
  ])('%s where one address is: %s', (address, admitted) => {
    expect(admission(OFFICE.view, ['192.168.1.5'])(address)).toBe(admitted);
  });

  it('is never of a network that is not shared, whichever address asks', () => {
    const admits = admission(OFFICE.view, ['192.168.1.5', 'fd00:1::5']);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 255 }), (third, last) => {
        expect(admits(`10.9.${third}.${last}`)).toBe(false);
        expect(admits(`192.168.1.${last}`)).toBe(true);
      }),
    );
  });
});

describe('the name of the computer', () => {
  it.each([
    ['Studio', 'studio', null],
    ['Studio.local', 'studio', null],
    ["Ada's MacBook Pro", 'ada-s-macbook-pro', null],
    ['Büro_3', 'buro-3', null],
    ['box.corp.example.org', 'box', 'box.corp.example.org'],
    ['...', 'notokenlimit', null],
    ['', 'notokenlimit', null],
  ])('%j is called %s', (told, bare, full) => {
    expect(hostNames(told)).toEqual({ bare, local: `${bare}.local`, full });
  });

  it('is one that DNS takes, whatever the system tells', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (told) => {
        for (const label of hostNames(told).local.split('.')) {
          expect(label).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
        }
      }),
    );
  });
});
