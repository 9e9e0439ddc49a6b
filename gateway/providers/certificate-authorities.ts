import { X509Certificate } from 'node:crypto';
import type { SecureContext } from 'node:tls';
import { createSecureContext, getCACertificates, rootCertificates } from 'node:tls';

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** The owner's CA text cannot be used. `message` is for people. */
export class CertificateTextError extends Error {
  override readonly name = 'CertificateTextError';
}

/**
 * Splits a PEM text into its certificates.
 * @throws CertificateTextError when it holds none or a broken one
 */
export function parseCertificates(pem: string): string[] {
  const blocks = pem.match(PEM_CERTIFICATE) ?? [];
  if (blocks.length === 0) {
    throw new CertificateTextError(
      'The CA certificate is not PEM text: it must hold a BEGIN CERTIFICATE and an END CERTIFICATE line.',
    );
  }
  for (const block of blocks) assertReadable(block);
  return blocks;
}

function assertReadable(block: string): void {
  try {
    new X509Certificate(block);
  } catch {
    throw new CertificateTextError('The CA certificate is damaged: copy the whole PEM text once more.');
  }
}

let shared: SecureContext | undefined;

/**
 * What TLS to a provider trusts: Node's own authorities, the system's, NODE_EXTRA_CA_CERTS, and the owner's.
 * Making one parses some hundred certificates (about 15 ms), so it is made once and not per connection.
 * @param ca the owner's PEM for this provider, or null
 * @throws CertificateTextError when `ca` cannot be read
 */
export function trustContext(ca: string | null): SecureContext {
  if (ca !== null) return createSecureContext({ ca: [...commonAuthorities(), ...parseCertificates(ca)] });
  shared ??= createSecureContext({ ca: commonAuthorities() });
  return shared;
}

function commonAuthorities(): string[] {
  return [...new Set([...rootCertificates, ...storedAuthorities('system'), ...storedAuthorities('extra')])];
}

/** Electron's TLS library may lack the function or the store; the bundled authorities remain. */
function storedAuthorities(store: 'system' | 'extra'): readonly string[] {
  if (typeof getCACertificates !== 'function') return [];
  try {
    return getCACertificates(store);
  } catch {
    return [];
  }
}
