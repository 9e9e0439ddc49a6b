import type { AuditRowDetail } from '../../../gateway/doors/admin/contract.ts';

/** A row that went well, but for what a test says of it. */
export function auditRow(facts: Partial<AuditRowDetail> = {}): AuditRowDetail {
  return {
    ...{ id: '1', at: '2026-11-19T16:41:17.000Z', requestId: '01934c1e-7f3a-7bbb-8c4d-0123456789ab' },
    ...{ memberId: '2', memberName: 'Ada', keyId: '3', keyPrefix: 'ntl_live_7fQ2ab' },
    ...{ address: '192.168.1.31', tool: 'claude-code', endpoint: 'messages', model: 'claude-opus-4-5' },
    ...{ providerId: '4', providerName: 'Anthropic', upstreamModel: 'claude-opus-4-5-20251101' },
    ...{ attempts: 1, status: 200, code: null, streamed: true, latencyMs: 3_700, ttfbMs: 732 },
    ...{ inputTokens: 10, outputTokens: 5, cachedTokens: 0, reasoningTokens: 0, estimated: false },
    ...{
      costMicros: 1_200,
      multiplier: 1,
      chargedTokens: 15,
      dropped: null,
      refusedBy: null,
      failedAttempts: [],
    },
    ...facts,
  };
}
