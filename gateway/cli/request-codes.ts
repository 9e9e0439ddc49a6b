import type { AuditRowDetail } from '../doors/admin/contract.ts';
import type { ErrorCode } from '../errors.ts';

/** What a code on an audit row means, and how to mend it. */
export interface Explanation {
  means: string;
  mend: string;
  /** Words after `ntl` that mend it or show more. */
  command?: string;
}

/** Codes that inference never answers with: they never stand on an audit row. */
type OtherCode =
  | 'invalid_token'
  | 'origin_not_allowed'
  | 'conflict'
  | 'vault_unavailable'
  | 'billing_not_configured';

type RowCode = Exclude<ErrorCode, OtherCode> | 'client_closed';

const NEW_KEY = 'keys create "my tool"';

const CODES: Readonly<Record<RowCode, (row: AuditRowDetail) => Explanation>> = {
  invalid_messages: () => ({
    means: 'The messages were missing, empty, or not as this API has them.',
    mend: 'The answer named the message at fault. See that the tool is set up for the API it calls.',
  }),
  missing_model: () => ({
    means: 'The request named no model.',
    mend: "Set a model in the tool's settings. There are:",
    command: 'models list',
  }),
  unknown_model: () => ({
    means: 'No model of this name is served here: it is not published, leads nowhere yet, or is off.',
    mend: 'Set another one in the tool, or publish this one. There are:',
    command: 'models list',
  }),
  invalid_request: () => ({
    means: 'The request was not one that the gateway, or the provider of this model, takes.',
    mend: 'The answer said what was wrong; the tool shows or logs it.',
  }),
  missing_auth: () => ({
    means: 'No key came with the request.',
    mend: 'Set a key as the API key of the tool. A new one:',
    command: NEW_KEY,
  }),
  invalid_key: () => ({
    means: 'The key is none of this gateway.',
    mend: "Look in the tool's settings for a provider's own key, or one that was cut short. A new one:",
    command: NEW_KEY,
  }),
  key_revoked: () => ({
    means: 'The key was revoked.',
    mend: 'Give the tool another. A new one:',
    command: NEW_KEY,
  }),
  key_expired: () => ({
    means: 'The key has expired.',
    mend: 'Give the tool another. A new one:',
    command: NEW_KEY,
  }),
  insufficient_balance: (row) => ({
    means: 'The member pays from a balance, which did not cover the most that this request could need.',
    mend: 'Have the tool ask for fewer output tokens, or add to the balance:',
    command: `members grant ${memberOf(row)} --tokens 1M`,
  }),
  access_disabled: (row) => ({
    means: 'The member is pending or disabled.',
    mend: 'If it may use the gateway:',
    command: `members activate ${memberOf(row)}`,
  }),
  suspended: (row) => ({
    means: 'The member is suspended.',
    mend: 'If it may use the gateway again:',
    command: `members activate ${memberOf(row)}`,
  }),
  ip_blocked: (row) =>
    row.memberId === null
      ? {
          means: 'The address is on the block list.',
          mend: 'If it may call, lift the block:',
          command: 'blocks list',
        }
      : {
          means: 'The member may not call from this address.',
          mend: 'If it may call from anywhere:',
          command: `members update ${row.memberId} --allow-ips all`,
        },
  model_not_allowed: (row) => ({
    means: 'The member may not use this model.',
    mend: 'If it may use every model:',
    command: `members update ${memberOf(row)} --allow-models all`,
  }),
  route_not_allowed: () => ({
    means: 'A key of this kind may not use this route.',
    mend: 'Use the route of a tool, such as /claudecode/v1, or a standard key:',
    command: `${NEW_KEY} --kind standard`,
  }),
  not_found: () => ({
    means: 'There is no such route.',
    mend: 'Check the base URL in the tool. The address is:',
    command: 'status',
  }),
  request_too_large: () => ({
    means: 'The body was larger than 64 MiB.',
    mend: 'Send fewer or smaller images and files, or start a new conversation.',
  }),
  rate_limit_minute: () => ({
    means: 'A limit of the last 60 seconds was used up.',
    mend: 'Wait a minute, or raise the limit:',
    command: 'limits list',
  }),
  quota_day: () => ({
    means: 'A limit of the last 24 hours was used up.',
    mend: 'The answer said when it has room again. Or raise the limit:',
    command: 'limits list',
  }),
  quota_month: () => ({
    means: 'A limit of the last 30 days was used up.',
    mend: 'The answer said when it has room again. Or raise the limit:',
    command: 'limits list',
  }),
  internal: () => ({
    means: 'The gateway itself failed.',
    mend: 'The newest file under logs/ in the data folder says where. Please report it.',
  }),
  upstream_error: (row) => ({
    means: 'No provider of this model could serve the request.',
    mend:
      row.failedAttempts.length === 0
        ? 'Every one was switched off or cooling down. See their state:'
        : 'The failed calls above say why. See whether the last one works now:',
    command: row.providerId === null ? 'providers list' : `providers test ${row.providerId}`,
  }),
  audit_unavailable: () => ({
    means: 'The audit log could not be written, and without it nothing is served.',
    mend: 'Make room on the disk of the data folder.',
  }),
  paused: () => ({
    means: 'The gateway was paused.',
    mend: 'Resume it; a new start does so too:',
    command: 'resume',
  }),
  shutting_down: () => ({
    means: 'The gateway was being stopped.',
    mend: 'Send the request again.',
  }),
  client_closed: () => ({
    means: 'The tool hung up before the answer was whole. What was used until then is counted.',
    mend: 'Nothing, if somebody stopped it. If the tool gave up waiting, raise its timeout.',
  }),
};

/** @returns undefined where the request went well, or runs still */
export function explainRequest(row: AuditRowDetail): Explanation | undefined {
  if (row.code !== null && Object.hasOwn(CODES, row.code)) return CODES[row.code as RowCode](row);
  if (row.status < 400) return undefined;
  return {
    means: 'The provider refused the request as it stood; its own words went to the tool.',
    mend: 'Look into the tool for what the provider said, such as a context that is too long.',
  };
}

/** How one call to a provider failed. */
export function attemptText({ status, reason }: AuditRowDetail['failedAttempts'][number]): string {
  if (status !== null) return `answered ${status}`;
  return ATTEMPTS[reason ?? ''] ?? reason ?? 'failed';
}

/** Reasons of `UpstreamFailure` and of answers that are of no use. */
const ATTEMPTS: Readonly<Record<string, string>> = {
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

/** These codes come after the key was known, so there is a member. */
function memberOf({ memberId }: AuditRowDetail): string {
  return memberId ?? 'NAME';
}
