import { describe, expect, it } from 'vitest';
import type { LimitRefusal } from '../../../gateway/doors/admin/contract.ts';
import {
  balanceSentence,
  passesWords,
  refusalSentence,
} from '../../../renderer/pages/audit/refusal-words.ts';
import { auditRow } from './row.ts';

const BY_LIMIT: LimitRefusal = {
  ...{ kind: 'limit', scope: 'member', subjectId: '2', model: null, metric: 'requests', windowSeconds: 60 },
  ...{ amount: 600, used: 600, needed: 1, passesAt: '2026-11-19T16:41:41.500Z' },
};
const ROW = auditRow({ status: 429, code: 'rate_limit_minute' });

describe('the limit that refused a request', () => {
  it('is named with whose it is, how it stood, and what was needed', () => {
    expect(refusalSentence(BY_LIMIT, ROW)).toBe(
      'Ada’s own limit of 600 requests / 60 s had 600 requests used; this request needed 1 request.',
    );
    const ofPlan = {
      ...BY_LIMIT,
      scope: 'plan' as const,
      subjectId: 'pro',
      metric: 'tokens' as const,
      model: 'm',
    };
    expect(refusalSentence(ofPlan, ROW)).toMatch(
      /^The plan pro’s limit of 600 tokens of m \/ 60 s had 600 tokens/,
    );
    expect(refusalSentence({ ...BY_LIMIT, scope: 'key' }, ROW)).toMatch(/^The key ntl_live_7fQ2ab…’s limit/);
    expect(refusalSentence(BY_LIMIT, { ...ROW, memberName: null })).toMatch(/^The member’s own limit/);
  });

  it('says when the request would have passed', () => {
    expect(passesWords(BY_LIMIT, ROW)).toBe('Had nothing else been sent, it would have passed 25 s later.');
    const day = { ...BY_LIMIT, windowSeconds: 86_400 as const, passesAt: '2026-11-20T09:30:00.000Z' };
    expect(passesWords(day, ROW, new Date('2026-11-19T17:00:00Z'))).toMatch(/passed at Fri \d\d:\d\d\.$/);
    expect(passesWords({ ...BY_LIMIT, passesAt: null }, ROW)).toMatch(/never have passed/);
  });
});

it('the balance that refused a request is told with what was held of it', () => {
  const none = { tokens: 0, micros: 0 };
  const refusal = { kind: 'balance' as const, tokens: 150, micros: 0, held: none, needed: none };
  const needed = { tokens: 111, micros: 0 };
  expect(balanceSentence({ ...refusal, needed }, ROW)).toBe(
    'Ada’s balance was 150 tokens; this request needed 111 tokens.',
  );
  expect(balanceSentence({ ...refusal, micros: 2_000_000, held: needed, needed }, ROW)).toBe(
    'Ada’s balance was 150 tokens and $2.0000, of which running requests held 111 tokens; this request needed 111 tokens.',
  );
});
