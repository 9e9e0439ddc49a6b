import { describe, expect, it } from 'vitest';
import { attemptsOf } from '../../../renderer/pages/audit/attempts.ts';
import { auditRow } from './row.ts';

const failed = { number: 1, providerId: '5', providerName: 'DeepSeek', upstreamModel: 'deepseek-chat' };

describe('attempts', () => {
  it('lie one after the other in the time of the request, the answer last', () => {
    const row = auditRow({
      ...{ attempts: 2, latencyMs: 2_000, ttfbMs: 1_000 },
      failedAttempts: [{ ...failed, status: 401, reason: 'http_401', latencyMs: 500 }],
    });
    const [first, second, ...more] = attemptsOf(row);
    expect(first).toMatchObject({
      failed: true,
      begins: 0,
      ends: 0.25,
      words: 'refused its credential after 500 ms',
    });
    expect(second).toMatchObject({
      ...{ number: 2, failed: false, status: 200, begins: 0.25, firstByte: 0.5, ends: 1 },
      words: 'first byte at 1.0 s, done at 2.0 s',
    });
    expect(more).toEqual([]);
  });

  it('are failures alone where no provider could serve', () => {
    const row = auditRow({
      ...{ attempts: 1, status: 502, code: 'upstream_error', ttfbMs: null },
      failedAttempts: [{ ...failed, status: null, reason: 'connect', latencyMs: 3 }],
    });
    expect(attemptsOf(row).map(({ words }) => words)).toEqual(['could not be reached after 3 ms']);
  });

  it('say that a request runs still', () => {
    const row = auditRow({ status: 0, latencyMs: null, ttfbMs: null });
    expect(attemptsOf(row)).toMatchObject([{ status: null, failed: false, words: 'answers still' }]);
  });
});
