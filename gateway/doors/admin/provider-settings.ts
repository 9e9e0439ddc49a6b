import { validateHeaderName, validateHeaderValue } from 'node:http';
import { checkBaseUrl } from '../../providers/base-url.ts';
import { PROVIDERS } from '../../providers/catalogue.ts';
import { CertificateTextError, parseCertificates } from '../../providers/certificate-authorities.ts';
import { type ProxySetting, ProxySettingError, parseProxy } from '../../providers/dispatcher.ts';
import { compactAccount, isServiceAccount } from '../../providers/native/service-account.ts';
import { CREDENTIAL_NAME, FRAMING } from '../../providers/own-headers.ts';
import type { ProviderKind } from '../../providers/provider-kinds.ts';
import type { Provider } from '../../providers/providers.ts';
import { invalid } from './errors.ts';

/**
 * The base URL that holds, without trailing slashes.
 * @param given what the owner typed; null takes the kind's own
 * @throws GatewayError
 */
export function baseUrlOf(kind: ProviderKind, given: string | null): string {
  const text = given ?? PROVIDERS[kind].baseUrl;
  if (text === null) {
    const { label, exampleUrl } = PROVIDERS[kind];
    const example = exampleUrl === undefined ? '' : ` Write it like ${exampleUrl}.`;
    throw invalid('baseUrl', `The field baseUrl is missing: only you know where ${label} answers.${example}`);
  }
  try {
    return checkBaseUrl(text);
  } catch (error) {
    throw invalid('baseUrl', error instanceof Error ? error.message : 'The base URL is not right.');
  }
}

/**
 * The credential as it is stored. The key file of a service account, which has blanks and lines, becomes one line.
 * @throws GatewayError; its message never repeats the credential
 */
export function credentialOf(
  kind: ProviderKind,
  given: string | null | undefined,
): string | null | undefined {
  if (given === null || given === undefined || !isServiceAccount(given)) return given;
  const account = PROVIDERS[kind].native === 'vertex' ? compactAccount(given) : undefined;
  if (account !== undefined) return account;
  throw invalid(
    'credential',
    `This is no credential of ${PROVIDERS[kind].label}. A key file of a Google service account is one for Vertex AI, as it came.`,
  );
}

/** @throws GatewayError; its message never repeats the setting */
export function proxyOf(given: string | null): ProxySetting | { proxy: null; secret: null } {
  if (given === null) return { proxy: null, secret: null };
  try {
    return parseProxy(given);
  } catch (error) {
    if (error instanceof ProxySettingError) throw invalid('proxy', error.message);
    throw error;
  }
}

/** @returns the certificates alone: whatever else was pasted, such as a private key, is left out */
export function certificatesOf(given: string | null): string | null {
  if (given === null || given.trim() === '') return null;
  try {
    return `${parseCertificates(given).join('\n')}\n`;
  } catch (error) {
    if (error instanceof CertificateTextError) throw invalid('ca', error.message);
    throw error;
  }
}

const MOST_HEADERS = 50;
const LONGEST_HEADER = 4_096;

/**
 * Headers to send with every call, names in small letters.
 * @throws GatewayError for one that HTTP does not allow, or that would put a credential into the database
 */
export function headersOf(given: Record<string, string>): Record<string, string> {
  const entries = Object.entries(given).map(
    ([name, value]) => [name.trim().toLowerCase(), value.trim()] as const,
  );
  if (entries.length > MOST_HEADERS) throw invalid('headers', `At most ${MOST_HEADERS} headers can be set.`);
  for (const [name, value] of entries) checkHeader(name, value);
  return Object.fromEntries(entries);
}

function checkHeader(name: string, value: string): void {
  const field = `headers.${name.slice(0, 100)}`;
  if (!isAllowed(() => validateHeaderName(name))) {
    throw invalid(field, 'A header name has letters, digits and - only.');
  }
  if (CREDENTIAL_NAME.test(name)) {
    throw invalid(
      field,
      `The header ${name} carries a credential, and headers are stored as plain text. Put the credential into the field credential.`,
    );
  }
  if (FRAMING.has(name)) throw invalid(field, `The header ${name} is set by the gateway itself.`);
  if (value.length > LONGEST_HEADER || !isAllowed(() => validateHeaderValue(name, value))) {
    throw invalid(field, `The value of the header ${name} is too long or has characters no header may have.`);
  }
}

function isAllowed(check: () => void): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}

/** What of a provider is no secret and stays, for the log of changes. */
export function notedSettings(provider: Provider) {
  const { name, kind, baseUrl, enabled, priority, headers, proxy, ca } = provider;
  return { id: String(provider.id), name, kind, baseUrl, enabled, priority, headers, proxy, ca };
}

export function credentialNote(credential: string | null | undefined): {
  credential?: 'stored' | 'removed';
} {
  if (credential === undefined) return {};
  return { credential: credential === null ? 'removed' : 'stored' };
}
