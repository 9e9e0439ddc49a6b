/** What a stored credential becomes for one call. */
import type { Proof, Transport } from '../exchange.ts';
import { UpstreamFailure } from '../upstream.ts';
import type { NativeKind } from './kinds.ts';
import { isServiceAccount, type TokenSource } from './service-account.ts';

export interface Access {
  proof: Proof;
  /** The AI SDK signs with these; null where the proof says all. */
  aws: AwsKeys | null;
}

interface AwsKeys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/**
 * - Gemini: an API key
 * - Bedrock: a Bedrock API key, or `ACCESS_KEY_ID:SECRET_ACCESS_KEY[:SESSION_TOKEN]`
 * - Vertex: an API key (express mode), or the JSON text of a service account's key
 * @throws UpstreamFailure `credential_unavailable`, and whatever the way to Google's tokens brings
 */
export async function accessTo(
  kind: NativeKind,
  transport: Transport,
  tokens: TokenSource,
  signal: AbortSignal,
): Promise<Access> {
  const credential = await transport.credential();
  if (credential === null) return { proof: { headers: {}, secrets: [] }, aws: null };
  if (kind === 'vertex' && isServiceAccount(credential)) {
    const token = await tokens.tokenOf(credential, signal);
    return { proof: bearer(token), aws: null };
  }
  if (!/^[\x21-\x7e]+$/.test(credential)) throw unusable(transport, FORMS[kind]);
  if (kind !== 'bedrock') {
    return { proof: { headers: { 'x-goog-api-key': credential }, secrets: [credential] }, aws: null };
  }
  const aws = awsKeys(credential);
  if (aws === null) return { proof: bearer(credential), aws };
  return { proof: { headers: {}, secrets: [aws.secretAccessKey, aws.sessionToken ?? ''] }, aws };
}

function bearer(token: string): Proof {
  return { headers: { authorization: `Bearer ${token}` }, secrets: [token] };
}

/** Ids of access keys: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
const AWS_KEYS = /^(A[A-Z0-9]{15,127}):([A-Za-z0-9/+=]{16,})(?::(\S+))?$/;

function awsKeys(credential: string): AwsKeys | null {
  const [, accessKeyId, secretAccessKey, sessionToken] = AWS_KEYS.exec(credential) ?? [];
  if (accessKeyId === undefined || secretAccessKey === undefined) return null;
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}

const FORMS: Readonly<Record<NativeKind, string>> = {
  google: 'an API key of Google AI Studio',
  bedrock:
    'a Bedrock API key, or ACCESS_KEY_ID:SECRET_ACCESS_KEY with :SESSION_TOKEN behind it if there is one',
  vertex: 'an API key, or the whole JSON text of a service account key',
};

function unusable({ provider }: Transport, form: string): UpstreamFailure {
  return new UpstreamFailure(
    'credential_unavailable',
    `The credential of provider ${provider.name} is not of a known form. Store ${form}.`,
  );
}
