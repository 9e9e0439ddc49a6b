import { generateKeyPairSync, verify } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { Dropped } from '../../../gateway/protocols/canonical/dropped.ts';
import type { NativeKind } from '../../../gateway/providers/native/kinds.ts';
import { nativeCall } from '../../../gateway/providers/native/native-call.ts';
import type { NativeModel } from '../../../gateway/providers/native/native-model.ts';
import { compactAccount } from '../../../gateway/providers/native/service-account.ts';
import { createTestAuthority, type Identity } from '../../support/certificates.ts';
import { httpProxy, serve } from '../local-servers.ts';
import { failureOf, text } from '../upstream-setup.ts';
import {
  API_KEY,
  canonical,
  json,
  modelAt,
  type Recorded,
  scripted,
  signal,
  targetOf,
  USUAL_MODEL,
} from './setup.ts';
import { signatureFor } from './sigv4.ts';

const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const AWS_KEYS = `AKIAIOSFODNN7EXAMPLE:${SECRET}`;
const GEMINI_ANSWER = { candidates: [{ content: { parts: [{ text: 'ok' }] }, finishReason: 'STOP' }] };
const BEDROCK_ANSWER = {
  output: { message: { role: 'assistant', content: [{ text: 'ok' }] } },
  stopReason: 'end_turn',
  usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
};

function ask(model: NativeModel, kind: NativeKind, name = USUAL_MODEL[kind]) {
  const dropped = new Dropped();
  return model.generate(nativeCall(kind, canonical(), targetOf(name), dropped), dropped, signal());
}

/** Names that the SDK and its helpers look at, with values that must not turn up anywhere. */
const ENVIRONMENT: Readonly<Record<string, string>> = {
  GOOGLE_GENERATIVE_AI_API_KEY: 'env-google-key-000000',
  GOOGLE_VERTEX_API_KEY: 'env-vertex-key-000000',
  GOOGLE_VERTEX_PROJECT: 'env-project',
  GOOGLE_VERTEX_LOCATION: 'env-location',
  GOOGLE_CLIENT_EMAIL: 'env@example.com',
  GOOGLE_PRIVATE_KEY: 'env-private-key-000000',
  GOOGLE_APPLICATION_CREDENTIALS: '/nowhere/env.json',
  AWS_BEARER_TOKEN_BEDROCK: 'env-bedrock-key-000000',
  AWS_ACCESS_KEY_ID: 'AKIAENVENVENVENVENVE',
  AWS_SECRET_ACCESS_KEY: 'env-secret-000000',
  AWS_SESSION_TOKEN: 'env-session-000000',
  AWS_REGION: 'env-region-1',
  AWS_ENDPOINT_URL: 'http://env.invalid',
  AWS_ENDPOINT_URL_BEDROCK_RUNTIME: 'http://env.invalid',
};

describe('credentials', () => {
  it.each([
    ['google', API_KEY],
    ['vertex', API_KEY],
    ['bedrock', 'bedrock-api-key-0123456789'],
    ['bedrock', AWS_KEYS],
    ['bedrock', `${AWS_KEYS}:session/token+0123456789==`],
  ] as const)('of %s come from the vault and never from the environment (%s)', async (kind, credential) => {
    for (const [name, value] of Object.entries(ENVIRONMENT)) vi.stubEnv(name, value);
    const server = await scripted((response) =>
      json(response, kind === 'bedrock' ? BEDROCK_ANSWER : GEMINI_ANSWER),
    );
    expect((await ask(await modelAt(kind, server.origin, { credential }), kind)).kind).toBe('whole');
    vi.unstubAllEnvs();
    const shown = JSON.stringify(server.seen);
    for (const value of Object.values(ENVIRONMENT)) expect(shown).not.toContain(value);
    expect(shown).not.toContain('set-by-the-gateway');
  });

  it.each(['google', 'vertex', 'bedrock'] as const)(
    'of %s are missed before anything is sent',
    async (kind) => {
      for (const [name, value] of Object.entries(ENVIRONMENT)) vi.stubEnv(name, value);
      const server = await scripted((response) => response.end());
      const model = await modelAt(kind, server.origin, { credential: null });
      const failure = await failureOf(ask(model, kind));
      vi.unstubAllEnvs();
      expect(failure.reason).toBe('credential_unavailable');
      expect(server.seen).toHaveLength(0);
    },
  );

  it('may be in the owner’s headers, which win over all others', async () => {
    const server = await scripted((response) => json(response, GEMINI_ANSWER));
    const headers = { 'X-Goog-Api-Key': 'owners-own-key', 'X-Team': 'a' };
    await ask(await modelAt('google', server.origin, { credential: null, headers }), 'google');
    await ask(await modelAt('google', server.origin, { headers }), 'google');
    for (const seen of server.seen) {
      expect(seen.headers).toMatchObject({ 'x-goog-api-key': 'owners-own-key', 'x-team': 'a' });
    }
  });

  it.each(['google', 'vertex', 'bedrock'] as const)(
    'of %s in no known form are told as such',
    async (kind) => {
      const server = await scripted((response) => response.end());
      const failure = await failureOf(
        ask(await modelAt(kind, server.origin, { credential: 'two words' }), kind),
      );
      expect(failure.reason).toBe('credential_unavailable');
      expect(failure.message).not.toContain('two words');
      expect(server.seen).toHaveLength(0);
    },
  );
});

describe('a signature for Bedrock', () => {
  it.each([
    [AWS_KEYS, undefined],
    [`${AWS_KEYS}:session/token+0123456789==`, 'session/token+0123456789=='],
  ])('is AWS’s, by the region of the address (%s)', async (credential, sessionToken) => {
    const server = await scripted((response) => json(response, BEDROCK_ANSWER));
    const proxy = await httpProxy(server);
    const model = await modelAt('bedrock', 'http://bedrock-runtime.eu-central-1.amazonaws.com', {
      credential,
      proxy: proxy.origin,
    });
    expect((await ask(model, 'bedrock')).kind).toBe('whole');
    const request = server.seen[0] as Recorded;
    expect(request.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE\/\d{8}\/eu-central-1\/bedrock\/aws4_request, /,
    );
    expect(request.headers.authorization).toContain(`Signature=${signatureFor(request, SECRET)}`);
    expect(request.headers['x-amz-security-token']).toBe(sessionToken);
    expect(proxy.asked).toHaveLength(1);
  });
});

describe('an address of Vertex', () => {
  it.each([
    [
      '/v1/projects/p/locations/global',
      'gemini-2.5-pro',
      '/v1/projects/p/locations/global/publishers/google/models/gemini-2.5-pro',
    ],
    [
      '/v1beta1/projects/p/locations/eu/publishers/google/',
      'google/gemini-2.5-pro',
      '/v1beta1/projects/p/locations/eu/publishers/google/models/gemini-2.5-pro',
    ],
    ['', 'publishers/google/models/gemini-2.5-pro', '/v1/publishers/google/models/gemini-2.5-pro'],
    ['/v1/projects/p/locations/eu', 'endpoints/123', '/v1/projects/p/locations/eu/endpoints/123'],
  ])('may be %j for %s', async (path, name, url) => {
    const server = await scripted((response) => json(response, GEMINI_ANSWER));
    await ask(await modelAt('vertex', server.origin + path), 'vertex', name);
    expect(server.seen[0]?.url).toBe(`${url}:generateContent`);
    expect(server.seen[0]?.headers['x-goog-api-key']).toBe(API_KEY);
  });
});

describe('an address of Gemini', () => {
  it.each(['', '/', '/v1', '/v1beta', '/v1beta/openai', '/v1beta/openai/'])(
    'may be typed as %j',
    async (path) => {
      const server = await scripted((response) => json(response, GEMINI_ANSWER));
      await ask(await modelAt('google', server.origin + path), 'google');
      expect(server.seen[0]?.url).toBe('/v1beta/models/gemini-3-flash-preview:generateContent');
    },
  );
});

describe('a service account', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const ACCOUNT = {
    type: 'service_account',
    client_email: 'robot@p.iam.gserviceaccount.com',
    private_key_id: 'key-1',
    private_key: privateKey,
    token_uri: 'https://oauth2.googleapis.com/token',
  };
  const BASE = 'https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1';
  let identity: Identity;
  let ca: string;

  beforeAll(async () => {
    const authority = await createTestAuthority();
    ca = authority.ca;
    identity = await authority.issue({ hosts: ['*.googleapis.com'] });
  });

  /** Google behind a proxy: tokens and models. */
  async function google(
    token: (response: ServerResponse, count: number) => unknown,
    answer: (response: ServerResponse) => unknown = (response) => json(response, GEMINI_ANSWER),
  ) {
    const asked: {
      host: string;
      path: string;
      authorization: string | undefined;
      form: URLSearchParams;
      own: unknown;
    }[] = [];
    const server = await serve(async (request, response) => {
      const form = new URLSearchParams(await text(request));
      const { host = '', authorization, 'x-team': own } = request.headers;
      asked.push({ host, path: request.url ?? '', authorization, form, own });
      if (request.url !== '/token') answer(response);
      else token(response, asked.filter(({ path }) => path === '/token').length);
    }, identity);
    const proxy = await httpProxy(server);
    const open = (account: object = {}) =>
      modelAt('vertex', BASE, {
        credential: JSON.stringify({ ...ACCOUNT, ...account }, null, 2),
        proxy: proxy.origin,
        ca,
        headers: { 'x-team': 'a' },
      });
    return { asked, open, proxy };
  }

  const grant = (response: ServerResponse, count: number) =>
    json(response, {
      access_token: `ya29.token-${count}-0123456789`,
      expires_in: 3_600,
      token_type: 'Bearer',
    });

  it('trades a signed claim for a token, over the same proxy, and keeps it', async () => {
    const { asked, open, proxy } = await google(grant);
    const model = await open();
    for (const _ of [1, 2]) expect((await ask(model, 'vertex')).kind).toBe('whole');
    expect(asked.map(({ host, path, own }) => [host, path.split(':').at(-1), own])).toEqual([
      ['oauth2.googleapis.com', '/token', undefined],
      ['us-central1-aiplatform.googleapis.com', 'generateContent', 'a'],
      ['us-central1-aiplatform.googleapis.com', 'generateContent', 'a'],
    ]);
    expect(asked.slice(1).map(({ authorization }) => authorization)).toEqual(
      Array(2).fill('Bearer ya29.token-1-0123456789'),
    );
    expect([...new Set(proxy.asked)]).toEqual([
      'CONNECT oauth2.googleapis.com:443',
      'CONNECT us-central1-aiplatform.googleapis.com:443',
    ]);
    const form = asked[0]?.form;
    expect(form?.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    const [header = '', claims = '', signature = ''] = form?.get('assertion')?.split('.') ?? [];
    expect(decoded(header)).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'key-1' });
    expect(decoded(claims)).toMatchObject({
      iss: ACCOUNT.client_email,
      aud: ACCOUNT.token_uri,
      scope: 'https://www.googleapis.com/auth/cloud-platform',
    });
    const signed = Buffer.from(`${header}.${claims}`);
    expect(verify('RSA-SHA256', signed, publicKey, Buffer.from(signature, 'base64url'))).toBe(true);
  });

  it('gets a new token when the old one ends or is refused', async () => {
    const brief = await google((response, count) =>
      json(response, { access_token: `ya29.token-${count}-0123456789`, expires_in: 30 }),
    );
    const model = await brief.open();
    for (const _ of [1, 2]) await ask(model, 'vertex');
    expect(brief.asked.filter(({ path }) => path === '/token')).toHaveLength(2);

    const refusing = await google(grant, (response) =>
      json(response, { error: { code: 401, message: 'no' } }, 401),
    );
    const refused = await refusing.open();
    for (const _ of [1, 2])
      expect(await ask(refused, 'vertex')).toMatchObject({ kind: 'refused', status: 401 });
    expect(refusing.asked.filter(({ path }) => path === '/token')).toHaveLength(2);
  });

  it('can be stored as what is needed of its file', async () => {
    const file = JSON.stringify({ ...ACCOUNT, universe_domain: 'googleapis.com', project_id: 'p' }, null, 2);
    const stored = compactAccount(file) ?? '';
    expect(JSON.parse(stored)).toEqual({ ...ACCOUNT, type: undefined });
    expect(stored).not.toContain('\n');
    expect(stored.length).toBeLessThan(2_000);
    const { open } = await google(grant);
    expect((await ask(await open(JSON.parse(stored)), 'vertex')).kind).toBe('whole');
    for (const other of ['{}', 'AIza-key', '{"client_email":1,"private_key":"x"}', '{']) {
      expect(compactAccount(other)).toBeUndefined();
    }
  });

  it('tells why there is no token', async () => {
    const { open } = await google((response) => json(response, { error: 'invalid_grant' }, 400));
    const failure = await failureOf(ask(await open(), 'vertex'));
    expect(failure.reason).toBe('credential_unavailable');
    expect(failure.message).toContain('invalid_grant');
  });

  it.each([
    [{ token_uri: 'https://evil.example/token' }, 'token_uri'],
    [{ token_uri: 'http://oauth2.googleapis.com/token' }, 'token_uri'],
    [{ token_uri: 'https://googleapis.com.evil.example/token' }, 'token_uri'],
    [{ private_key: 'no key' }, 'private key'],
    [{ client_email: undefined }, 'not the JSON text'],
  ])('proves itself to Google alone: %j', async (change, why) => {
    const { asked, open } = await google(grant);
    const failure = await failureOf(ask(await open(change), 'vertex'));
    expect(failure.reason).toBe('credential_unavailable');
    expect(failure.message).toContain(why);
    expect(asked).toEqual([]);
  });
});

function decoded(part: string): unknown {
  return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
}
