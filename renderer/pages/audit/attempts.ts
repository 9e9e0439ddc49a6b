import type { AuditRowDetail } from '../../../gateway/doors/admin/contract.ts';
import { duration } from '../../format.ts';

/** One call to a provider, with where it lies in the request's time: shares of 0 to 1. */
export interface Attempt {
  number: number;
  providerId: string | null;
  providerName: string | null;
  upstreamModel: string | null;
  failed: boolean;
  /** HTTP's; null where none came. */
  status: number | null;
  words: string;
  begins: number;
  /** Of an answer: when its first byte came; the same as `begins` for a failure. */
  firstByte: number;
  ends: number;
}

type FailedAttempt = AuditRowDetail['failedAttempts'][number];

/** Failed calls, one after the other, then the one that answered. */
export function attemptsOf(row: AuditRowDetail): Attempt[] {
  const spent = row.failedAttempts.reduce((sum, { latencyMs }) => sum + latencyMs, 0);
  const whole = Math.max(row.latencyMs ?? spent, spent, 1);
  let at = 0;
  const attempts = row.failedAttempts.map((failed): Attempt => {
    const begins = at / whole;
    at += failed.latencyMs;
    const { number, providerId, providerName, upstreamModel, status } = failed;
    return {
      ...{ number, providerId, providerName, upstreamModel, status, failed: true },
      words: `${failureWords(failed)} after ${duration(failed.latencyMs)}`,
      ...{ begins, firstByte: begins, ends: at / whole },
    };
  });
  if (row.attempts > attempts.length) attempts.push(answerOf(row, at / whole));
  return attempts;
}

function answerOf(row: AuditRowDetail, begins: number): Attempt {
  const share = row.ttfbMs === null || row.latencyMs === null ? 1 : row.ttfbMs / Math.max(row.latencyMs, 1);
  const firstByte = Math.max(begins, share);
  return {
    number: row.failedAttempts.length + 1,
    providerId: row.providerId,
    providerName: row.providerName,
    upstreamModel: row.upstreamModel,
    failed: row.status >= 400,
    status: row.status === 0 ? null : row.status,
    words: answerWords(row),
    ...{ begins, firstByte, ends: 1 },
  };
}

function answerWords({ ttfbMs, latencyMs, status, code }: AuditRowDetail): string {
  if (status === 0) return 'answers still';
  if (code === 'client_closed') return `the tool hung up after ${duration(latencyMs)}`;
  if (status >= 400) return `after ${duration(latencyMs)}`;
  const done = `done at ${duration(latencyMs)}`;
  return ttfbMs === null ? done : `first byte at ${duration(ttfbMs)}, ${done}`;
}

function failureWords({ status, reason }: FailedAttempt): string {
  if (status === null) return REASONS[reason ?? ''] ?? reason ?? 'failed';
  if (status === 401 || status === 403) return 'refused its credential';
  if (status === 429) return 'asked to wait';
  if (status === 404) return 'knows no such model';
  if (status === 529) return 'was overloaded';
  return status >= 500 ? 'failed' : 'refused';
}

/** Where no usable answer came. */
const REASONS: Readonly<Record<string, string>> = {
  connect: 'could not be reached',
  tls: 'its certificate was not trusted, or TLS failed',
  header_timeout: 'did not begin to answer in time',
  idle_timeout: 'fell silent in the middle of its answer',
  reset: 'broke the connection',
  credential_unavailable: 'its stored credential could not be read',
  cut: 'ended its answer too early',
  junk: 'sent what is not of its protocol',
  unfit: 'cannot be asked for what the request wants',
  error_event: 'sent an error in its stream',
  error_in_answer: 'sent an error with a good status',
  too_large: 'sent more than the gateway takes',
};
