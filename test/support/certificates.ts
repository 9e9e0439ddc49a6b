import 'reflect-metadata';
import { isIP } from 'node:net';
import * as x509 from '@peculiar/x509';

/** A certificate with its private key, both PEM: what node:tls takes. */
export interface Identity {
  cert: string;
  key: string;
}

export interface LeafOptions {
  /** Host names and addresses the certificate is made for. */
  hosts: string[];
  notBefore?: Date;
  notAfter?: Date;
}

/** A certificate authority made for one test run. */
export interface TestAuthority {
  /** Its own certificate, PEM: what a client must trust. */
  ca: string;
  issue(options: LeafOptions): Promise<Identity>;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;

export async function createTestAuthority(): Promise<TestAuthority> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity({}),
    serialNumber: serialNumber(),
    name: 'CN=Test Authority',
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });

  return {
    ca: certificate.toString('pem'),
    issue: async (options) => {
      const leafKeys = await newKeys();
      const leaf = await x509.X509CertificateGenerator.create({
        ...validity(options),
        serialNumber: serialNumber(),
        subject: 'CN=Test Provider',
        issuer: certificate.subject,
        signingAlgorithm: ALGORITHM,
        publicKey: leafKeys.publicKey,
        signingKey: keys.privateKey,
        extensions: [
          alternativeNames(options.hosts),
          new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
          await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey),
        ],
      });
      return identity(leaf, leafKeys);
    },
  };
}

/** A certificate that no authority signed. */
export async function selfSigned(options: LeafOptions): Promise<Identity> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity(options),
    serialNumber: serialNumber(),
    name: 'CN=Test Provider',
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [alternativeNames(options.hosts)],
  });
  return identity(certificate, keys);
}

function newKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

function validity({ notBefore, notAfter }: Partial<LeafOptions>): { notBefore: Date; notAfter: Date } {
  return {
    notBefore: notBefore ?? new Date(Date.now() - DAY_MS),
    notAfter: notAfter ?? new Date(Date.now() + DAY_MS),
  };
}

/** Hexadecimal; the leading digit keeps it positive. */
function serialNumber(): string {
  return `0${crypto.randomUUID().replaceAll('-', '')}`.slice(0, 32);
}

function alternativeNames(hosts: string[]): x509.SubjectAlternativeNameExtension {
  return new x509.SubjectAlternativeNameExtension(
    hosts.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value })),
  );
}

async function identity(certificate: x509.X509Certificate, keys: CryptoKeyPair): Promise<Identity> {
  const exported = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { cert: certificate.toString('pem'), key: x509.PemConverter.encode(exported, 'PRIVATE KEY') };
}
