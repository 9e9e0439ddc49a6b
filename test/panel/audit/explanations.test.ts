import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../../gateway/errors.ts';
import { CHECKS, stoppedAt } from '../../../renderer/pages/audit/checks.ts';
import { chargeWords, explain } from '../../../renderer/pages/audit/explanations.ts';
import { auditRow } from './row.ts';

/** Codes that inference never answers with: they never stand on an audit row. */
type OtherCode =
  | 'invalid_token'
  | 'origin_not_allowed'
  | 'conflict'
  | 'vault_unavailable'
  | 'billing_not_configured';

/** Every code of a row, with the check that gives it; null for what no check does. A new one must be told here. */
const STOPS: Record<Exclude<ErrorCode, OtherCode | 'not_found'>, string | null> = {
  ip_blocked: 'Block list',
  missing_auth: 'Authentication',
  invalid_key: 'Authentication',
  key_revoked: 'Key',
  key_expired: 'Key',
  access_disabled: 'Member',
  suspended: 'Member',
  route_not_allowed: 'Route',
  paused: 'Route',
  invalid_messages: 'Body',
  missing_model: 'Body',
  invalid_request: 'Body',
  request_too_large: 'Body',
  unknown_model: 'Model exists',
  model_not_allowed: 'Model allowed',
  rate_limit_minute: 'Limits',
  quota_day: 'Limits',
  quota_month: 'Limits',
  insufficient_balance: 'Balance',
  internal: null,
  upstream_error: null,
  audit_unavailable: null,
  shutting_down: null,
};

/** What a row says where its own code is not known. */
const UNKNOWN = explain(auditRow({ status: 418, code: null }));

describe('a code', () => {
  it.each(Object.entries(STOPS))('%s is explained, and stops at %s', (code, stop) => {
    const row = auditRow({ code, status: 400, attempts: 0, memberId: null, memberName: null });
    expect(explain(row)?.means).not.toBe(UNKNOWN?.means);
    expect(explain(row)?.remedy).toBeTruthy();
    expect(stoppedAt(row)).toBe(stop);
    expect(stop === null || CHECKS.some((check) => check === stop)).toBe(true);
  });

  it.each(['client_closed', 'interrupted'])('%s, which no error answer carries, is explained too', (code) => {
    expect(explain(auditRow({ code, status: 499 }))?.means).not.toBe(UNKNOWN?.means);
  });

  it('names the member, and leads to it', () => {
    const refused = explain(auditRow({ code: 'model_not_allowed', status: 403, attempts: 0 }));
    expect(refused?.title).toBe('Ada may not use claude-opus-4-5');
    expect(refused?.links).toEqual([{ label: 'Open Ada', href: '/members/2' }]);
  });

  it('tells the block list from a member’s own addresses', () => {
    const own = auditRow({ code: 'ip_blocked', status: 403, attempts: 0 });
    expect(explain(own)?.title).toBe('Ada may not call from 192.168.1.31');
    expect(stoppedAt(own)).toBe('Member');
  });

  it('offers to block where a wrong key came from, but never this computer', () => {
    const from = (address: string) => {
      const row = auditRow({ code: 'invalid_key', status: 401, attempts: 0, memberId: null, address });
      return explain(row)?.links.map(({ href }) => href);
    };
    expect(from('192.168.1.203')).toContain('/security?block=192.168.1.203');
    expect(from('127.0.0.1')).toEqual(['/connect']);
  });
});

describe('what a row says of its charge', () => {
  it('is nothing for what was refused, and for what failed without use', () => {
    expect(chargeWords(auditRow({ code: 'quota_day', status: 429, attempts: 0 }))).toMatch(
      /^Nothing was charged, and no provider/,
    );
    const failed = { code: 'upstream_error', status: 502, chargedTokens: 0, costMicros: 0 };
    expect(chargeWords(auditRow(failed))).toBe('Nothing was charged.');
    expect(chargeWords(auditRow({ code: 'client_closed', status: 499 }))).toMatch(/is counted/);
  });
});
