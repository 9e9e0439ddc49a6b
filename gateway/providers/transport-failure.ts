import type { UpstreamFailureReason } from './upstream.ts';
import { UpstreamFailure } from './upstream.ts';

/** What a failed call is told by. */
interface FailureContext {
  /** The provider's name for people. */
  provider: string;
  connectMs: number;
  headersMs: number;
}

/**
 * Turns what undici or the operating system threw into an UpstreamFailure. Raw messages hold addresses, so
 * only the error's code is kept, as the cause.
 */
export function transportFailure(error: unknown, context: FailureContext): UpstreamFailure {
  if (error instanceof UpstreamFailure) return error;
  const code = codeOf(error);
  const { reason, message } = describe(code, messageOf(error), context);
  return new UpstreamFailure(reason, message, code === '' ? undefined : { cause: code });
}

interface Description {
  reason: UpstreamFailureReason;
  message: string;
}

function describe(
  code: string,
  text: string,
  { provider, connectMs, headersMs }: FailureContext,
): Description {
  const certificate = CERTIFICATE_PROBLEMS[code];
  if (certificate !== undefined) return { reason: 'tls', message: certificateMessage(provider, certificate) };
  if (code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') || code === 'EPROTO') {
    return {
      reason: 'tls',
      message: `No secure connection to provider ${provider}: check that its base URL begins with the right one of http:// and https://, and its port.`,
    };
  }
  // undici tells these two by their text alone.
  if (/Proxy response \(\d+\)|Proxy Authentication Required/.test(text) || PROXY_CODES.has(code)) {
    return {
      reason: 'connect',
      message: `The proxy on the way to provider ${provider} refused or broke the connection. Check the proxy setting, and whether the proxy asks for a password.`,
    };
  }
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') {
    return {
      reason: 'connect',
      message: `Provider ${provider} could not be reached within ${seconds(connectMs)}. Check the network, the proxy and the base URL.`,
    };
  }
  const connect = CONNECT_PROBLEMS[code];
  if (connect !== undefined) return { reason: 'connect', message: connect(provider) };
  if (code === 'UND_ERR_HEADERS_TIMEOUT') {
    return {
      reason: 'header_timeout',
      message: `Provider ${provider} did not begin to answer within ${seconds(headersMs)}.`,
    };
  }
  return {
    reason: 'reset',
    message: `The connection to provider ${provider} broke off before its answer was complete.`,
  };
}

function certificateMessage(provider: string, problem: CertificateProblem): string {
  return `The TLS certificate of provider ${provider} ${problem.what}. ${problem.remedy}`;
}

interface CertificateProblem {
  what: string;
  remedy: string;
}

const ADD_CA = "If you trust it, add the provider's CA certificate (PEM) to its settings.";
const ASK_OPERATOR = 'Whoever runs it must renew it; check this computer’s clock too.';

const SELF_SIGNED: CertificateProblem = { what: 'is self-signed', remedy: ADD_CA };
const UNKNOWN_ISSUER: CertificateProblem = { what: 'is signed by an unknown authority', remedy: ADD_CA };

/** Node's certificate error codes: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const CERTIFICATE_PROBLEMS: Readonly<Record<string, CertificateProblem>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: SELF_SIGNED,
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_ISSUER,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_ISSUER,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_ISSUER,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_ISSUER,
  CERT_UNTRUSTED: UNKNOWN_ISSUER,
  INVALID_CA: UNKNOWN_ISSUER,
  CERT_HAS_EXPIRED: { what: 'has expired', remedy: ASK_OPERATOR },
  CERT_NOT_YET_VALID: { what: 'is not valid yet', remedy: ASK_OPERATOR },
  CERT_REVOKED: {
    what: 'was revoked',
    remedy: 'Do not use the provider until its operator has replaced it.',
  },
  CERT_REJECTED: { what: 'was rejected', remedy: ADD_CA },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    what: 'was made for another host name',
    remedy:
      'Use the host name in the certificate as the base URL, or have the certificate made for this one.',
  },
};

const PROXY_CODES = new Set(['UND_ERR_PRX_TLS', 'UND_ERR_PRX_CONN']);

const unreachable = (provider: string) =>
  `Provider ${provider} cannot be reached from this network. Check the network and its base URL.`;
const unknownHost = (provider: string) =>
  `The host name of provider ${provider} was not found. Check its base URL and the network.`;

const CONNECT_PROBLEMS: Readonly<Record<string, (provider: string) => string>> = {
  ECONNREFUSED: (provider) =>
    `Provider ${provider} refused the connection. Check that it is running and that its base URL and port are right.`,
  ENOTFOUND: unknownHost,
  EAI_AGAIN: unknownHost,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  EHOSTDOWN: unreachable,
  ENETDOWN: unreachable,
  EADDRNOTAVAIL: unreachable,
  EACCES: unreachable,
  EPERM: unreachable,
};

/** The outermost code: `UND_ERR_…`, a system error name, or one of Node's TLS codes. */
function codeOf(error: unknown): string {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ('code' in current && typeof current.code === 'string') return current.code;
  }
  return '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}

function seconds(ms: number): string {
  return `${ms / 1_000} s`;
}
