import { describe, expect, it } from 'vitest';
import type { Key, LimitState } from '../../../gateway/doors/admin/contract.ts';
import { parseAddresses } from '../../../renderer/people/addresses.ts';
import { expiryOf, keyState, leftWords } from '../../../renderer/people/key-words.ts';
import { freesWords, limitLine, limitSentence, shareUsed } from '../../../renderer/people/limit-words.ts';
import { possessive } from '../../../renderer/people/member-words.ts';

const LIMIT: LimitState = {
  ...{ scope: 'member', setBy: 'member', subjectId: '2', memberId: '2', keyId: null },
  ...{
    model: 'claude-opus-4-5',
    metric: 'tokens',
    windowSeconds: 86_400,
    amount: 3_000_000,
    used: 2_950_000,
  },
  ...{ freesAt: null, freesAmount: null },
};

describe('a limit', () => {
  const now = new Date(2026, 10, 19, 16, 42);

  it('is named by what it counts', () => {
    expect(limitLine(LIMIT)).toBe('claude-opus-4-5 tokens / 24 h');
    expect(limitSentence(LIMIT)).toBe('3,000,000 tokens of claude-opus-4-5 / 24 h');
    expect(limitSentence({ ...LIMIT, model: null, metric: 'cost', windowSeconds: 2_592_000 })).toBe(
      '$3.00 / 30 d',
    );
  });

  it('is full where nothing may pass', () => {
    expect(shareUsed({ used: 0, amount: 0 })).toBe(1);
    expect(shareUsed({ used: 1, amount: 4 })).toBe(0.25);
  });

  it('says when how much of it is free again', () => {
    const frees = (at: Date) =>
      freesWords({ ...LIMIT, freesAt: at.toISOString(), freesAmount: 270_000 }, now);
    expect(frees(new Date(2026, 10, 19, 18))).toBe('270 k free at 18:00');
    expect(frees(new Date(2026, 10, 21, 9, 30))).toBe('270 k free at Sat 09:30');
    expect(frees(new Date(2026, 11, 12))).toBe('270 k free on 12 Dec');
    expect(freesWords({ ...LIMIT, used: 0 }, now)).toBe('–');
    expect(freesWords({ ...LIMIT, windowSeconds: 60 }, now)).toBe('slides by the second');
  });
});

describe('a key', () => {
  const now = Date.parse('2026-11-19T12:00:00Z');
  const state = (facts: Partial<Key>) => keyState({ revokedAt: null, expiresAt: null, ...facts } as Key, now);

  it('is worth a look within 14 days of its end', () => {
    expect(state({})).toBe('active');
    expect(state({ expiresAt: '2026-12-04T12:00:00Z' })).toBe('active');
    expect(state({ expiresAt: '2026-12-03T12:00:00Z' })).toBe('soon');
    expect(state({ expiresAt: '2026-11-19T12:00:00Z' })).toBe('expired');
    expect(state({ expiresAt: '2027-01-01T00:00:00Z', revokedAt: '2026-11-01T00:00:00Z' })).toBe('revoked');
    expect(leftWords('2026-11-30T13:00:00Z', now)).toBe('in 11 d');
    expect(leftWords('2026-11-19T17:30:00Z', now)).toBe('in 5 h');
  });

  it('ends after so many days, or with a day', () => {
    expect(expiryOf('never', '', now)).toBeNull();
    expect(expiryOf('90', '', now)).toBe('2027-02-17T12:00:00.000Z');
    expect(expiryOf('day', '2026-12-31', now)).toBe(new Date(2027, 0, 1).toISOString());
  });
});

it('reads addresses one a line, however they are parted', () => {
  expect(parseAddresses(' 10.0.0.0/8\n\n192.168.1.4, ::1 ')).toEqual(['10.0.0.0/8', '192.168.1.4', '::1']);
  expect(parseAddresses(' \n ')).toBeNull();
});

it('knows how names that end in s belong', () => {
  expect([possessive('Ada'), possessive('Niels')]).toEqual(['Ada’s', 'Niels’']);
});
