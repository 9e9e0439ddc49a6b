/**
 * Tokens for a Google service account: a signed claim is traded for one that holds for an hour.
 * https://developers.google.com/identity/protocols/oauth2/service-account#httprest
 */
import { sign } from 'node:crypto';
import { asNumber, asText, type JsonObject, parseObject } from '../../protocols/json.ts';
import type { Transport } from '../exchange.ts';
import { UpstreamFailure } from '../upstream.ts';
import { readText } from './read-text.ts';

export interface TokenSource {
  /** @throws UpstreamFailure */
  tokenOf(credential: string, signal: AbortSignal): Promise<string>;
  /** The provider refused it: the next call gets a new one. */
  forget(): void;
}

export function isServiceAccount(credential: string): boolean {
  return credential.startsWith('{');
}

/**
 * What the gateway needs of a key file, on one line: the Windows Credential Manager holds 2,560 bytes, which a
 * whole file comes near to.
 * @returns undefined for a text that is no service account's key
 */
export function compactAccount(text: string): string | undefined {
  const { client_email, private_key_id, private_key, token_uri } = parseObject(text) ?? {};
  if (asText(client_email) === null || asText(private_key) === null) return undefined;
  return JSON.stringify({ client_email, private_key_id, private_key, token_uri });
}

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const TOKEN_URI = 'https://oauth2.googleapis.com/token';
const CLAIM_SECONDS = 3_600;
/** A token this close to its end is not used any more. */
const SPARE_MS = 60_000;
const TOKEN_MS = 30_000;

interface Kept {
  credential: string;
  token: string;
  /** Steady ms. */
  until: number;
}

/** Keeps one token in memory. Calls that find none at the same time each fetch their own, as each may be stopped. */
export function createTokenSource(transport: Transport): TokenSource {
  let kept: Kept | null = null;

  async function fetchToken(credential: string, signal: AbortSignal): Promise<string> {
    const account = readAccount(credential, transport.provider.name);
    const claim = signedClaim(account, transport.provider.name);
    const answer = await transport.sendWith(
      { headers: {}, secrets: [claim] },
      {
        method: 'POST',
        url: account.tokenUri,
        family: 'openai',
        headers: {
          accept: 'application/json',
          'accept-encoding': 'identity',
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: Buffer.from(
          new URLSearchParams({
            grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
            assertion: claim,
          }).toString(),
        ),
        signal,
        headersMs: TOKEN_MS,
        idleMs: TOKEN_MS,
      },
      true,
    );
    const body = parseObject(await readText(answer.body)) ?? {};
    const token = asText(body.access_token);
    if (answer.status !== 200 || token === null) throw refused(transport, answer.status, body);
    const seconds = asNumber(body.expires_in) ?? CLAIM_SECONDS;
    kept = { credential, token, until: performance.now() + seconds * 1_000 - SPARE_MS };
    return token;
  }

  return {
    tokenOf: async (credential, signal) =>
      kept !== null && kept.credential === credential && performance.now() < kept.until
        ? kept.token
        : fetchToken(credential, signal),
    forget: () => {
      kept = null;
    },
  };
}

interface Account {
  email: string;
  keyId: string | null;
  privateKey: string;
  tokenUri: string;
}

function readAccount(credential: string, name: string): Account {
  const json = parseObject(credential) ?? {};
  const email = asText(json.client_email);
  const privateKey = asText(json.private_key);
  if (email === null || privateKey === null) {
    throw unusable(name, 'it is not the JSON text of a service account key');
  }
  const tokenUri = asText(json.token_uri) ?? TOKEN_URI;
  // The stored text says where a claim goes that proves the account: to Google alone.
  const { protocol, hostname } = URL.parse(tokenUri) ?? {};
  if (protocol !== 'https:' || !hostname?.endsWith('.googleapis.com')) {
    throw unusable(name, 'its token_uri is not an https address of googleapis.com');
  }
  return { email, keyId: asText(json.private_key_id), privateKey, tokenUri };
}

function signedClaim({ email, keyId, privateKey, tokenUri }: Account, name: string): string {
  const now = Math.floor(Date.now() / 1_000);
  const header = { alg: 'RS256', typ: 'JWT', ...(keyId === null ? {} : { kid: keyId }) };
  const claims = { iss: email, scope: SCOPE, aud: tokenUri, iat: now, exp: now + CLAIM_SECONDS };
  const text = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  try {
    return `${text}.${sign('RSA-SHA256', Buffer.from(text), privateKey).toString('base64url')}`;
  } catch {
    throw unusable(name, 'its private key cannot be read');
  }
}

function refused({ provider }: Transport, status: number, { error }: JsonObject): UpstreamFailure {
  const word = /^\w{1,64}$/.test(asText(error) ?? '') ? `, ${error}` : '';
  return new UpstreamFailure(
    'credential_unavailable',
    `Google gave no token for the service account of provider ${provider.name} (HTTP ${status}${word}). Check that the account and its key still hold, and this computer's clock.`,
  );
}

function unusable(name: string, why: string): UpstreamFailure {
  return new UpstreamFailure(
    'credential_unavailable',
    `The credential of provider ${name} cannot be used: ${why}. Store it again.`,
  );
}
