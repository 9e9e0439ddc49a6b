import 'reflect-metadata';
import { isIP } from 'node:net';
import * as x509 from '@peculiar/x509';
import { NAME_CONSTRAINTS, nameConstraints, type PermittedNames } from './name-constraints.ts';

/** P-256 is what every client knows (RFC 5480, CA/Browser Forum baseline 6.1.5). */
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** A certificate and its private key, PEM. */
export interface KeptIdentity {
  cert: string;
  key: string;
}

export interface Validity {
  notBefore: Date;
  notAfter: Date;
}

export interface AuthorityFacts extends Validity {
  /** What systems list it under. */
  name: string;
  permitted: PermittedNames;
}

/** A certificate authority that can sign for servers of the permitted names, and for no further authority. */
export async function makeAuthority(facts: AuthorityFacts): Promise<KeptIdentity> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...{ serialNumber: serialNumber(), notBefore: facts.notBefore, notAfter: facts.notAfter },
    name: nameOf(facts.name),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      // A system that trusts it for everything should still take it for servers alone.
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.Extension(NAME_CONSTRAINTS, true, Uint8Array.from(nameConstraints(facts.permitted))),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { cert: certificate.toString('pem'), key: await pemOf(keys.privateKey) };
}

export interface LeafFacts extends Validity {
  /** Host names and addresses. */
  hosts: readonly string[];
}

/** A server's certificate with a new key, as clients want it: serverAuth, names among the alternatives. */
export async function makeLeaf(authority: KeptIdentity, facts: LeafFacts): Promise<KeptIdentity> {
  const issuer = new x509.X509Certificate(authority.cert);
  const signingKey = await privateKey(authority.key);
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    ...{ serialNumber: serialNumber(), notBefore: facts.notBefore, notAfter: facts.notAfter },
    subject: nameOf('NoTokenLimit Desktop'),
    issuer: issuer.subject,
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        facts.hosts.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value })),
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  return { cert: certificate.toString('pem'), key: await pemOf(keys.privateKey) };
}

function newKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

async function pemOf(key: CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

function privateKey(pem: string): Promise<CryptoKey> {
  const [der] = x509.PemConverter.decode(pem);
  return crypto.subtle.importKey('pkcs8', der as ArrayBuffer, ALGORITHM, false, ['sign']);
}

function nameOf(commonName: string): x509.JsonName {
  return [{ CN: [commonName] }];
}

/** 16 bytes, positive by a first bit of 0 (RFC 5280 §4.1.2.2), and never 0. */
function serialNumber(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return Buffer.from(bytes).toString('hex');
}
