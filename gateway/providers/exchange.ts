import type { Dispatcher } from 'undici';
import type { Family } from '../protocols/endpoint.ts';
import { VaultError } from '../vault/vault.ts';
import { authHeaders, familyHeaders, PROVIDERS } from './catalogue.ts';
import { CertificateTextError } from './certificate-authorities.ts';
import { type DispatchedAnswer, dispatch } from './dispatch.ts';
import type { SystemProxy } from './dispatcher.ts';
import { createDispatcher, ProxySettingError } from './dispatcher.ts';
import type { ProviderKind } from './provider-kinds.ts';
import { Targets } from './targets.ts';
import { transportFailure } from './transport-failure.ts';
import type { UpstreamAnswer } from './upstream.ts';
import { UpstreamFailure } from './upstream.ts';
import { type BodySource, WatchedBody } from './watched-body.ts';

/** A provider as its owner set it up. It holds no credential. */
export interface HttpProvider {
  /** For people; it stands in error messages that callers read. */
  name: string;
  kind: ProviderKind;
  baseUrl: string;
  /** The owner's own headers; they win over all others. */
  headers: Readonly<Record<string, string>>;
  /** A proxy URL, `none` or `direct` for no proxy, null for the system's. */
  proxy: string | null;
  /** CA certificates to trust for this provider, PEM. */
  ca: string | null;
}

export interface UpstreamTimeouts {
  /** Until the connection stands, TLS included. */
  connectMs: number;
  /** Until the status line; models may think long before it. */
  headersMs: number;
  /** Longest silence within an answer. */
  idleMs: number;
}

export interface HttpUpstreamDeps {
  /** Asked for each call, so that a new credential holds from the next one on. */
  credential: () => Promise<string | null>;
  timeouts: UpstreamTimeouts;
  /** Without it the proxy variables of the environment are followed. */
  systemProxy?: SystemProxy;
}

/** One HTTP request to a provider. */
export interface Exchange {
  method: 'GET' | 'POST';
  url: string;
  family: Family;
  headers: Readonly<Record<string, string>>;
  body: Buffer | null;
  signal: AbortSignal;
  /** Shorter limits than the provider's own. */
  headersMs?: number;
  idleMs?: number;
}

/** What proves to a provider who calls. */
export interface Proof {
  headers: Readonly<Record<string, string>>;
  /** Taken out of what the provider says of errors. */
  secrets: readonly string[];
}

/** The way to one provider for protocols that sign each request or trade the credential for a token. */
export interface Transport {
  provider: HttpProvider;
  /**
   * The stored credential without the blanks around it; null where the owner's headers carry one instead.
   * @throws UpstreamFailure when there is none, or it cannot be read
   */
  credential(): Promise<string | null>;
  /**
   * @param elsewhere the request goes to another host than the provider's, and without the owner's headers
   * @throws UpstreamFailure when no status line came back
   */
  sendWith(proof: Proof, exchange: Exchange, elsewhere?: boolean): Promise<UpstreamAnswer>;
}

/** Sends requests to one provider with its credential, over its connections. */
interface Exchanger {
  /** @throws UpstreamFailure when no status line came back */
  send(exchange: Exchange): Promise<UpstreamAnswer>;
  transport: Transport;
  retire(): Promise<void>;
  close(): Promise<void>;
}

export function createExchanger(provider: HttpProvider, deps: HttpUpstreamDeps): Exchanger {
  const { timeouts } = deps;
  const targets = new Targets();
  const ownHeaders = sendable(provider.headers);
  const dispatcher = createDispatcher({
    proxy: provider.proxy,
    ca: provider.ca,
    connectMs: timeouts.connectMs,
    systemProxy: deps.systemProxy,
  });

  async function send(exchange: Exchange): Promise<UpstreamAnswer> {
    const credential = sendableCredential(provider, await storedText(deps.credential));
    const headers = credentialHeaders(provider, ownHeaders, credential);
    return sendWith({ headers, secrets: credential === null ? [] : [credential] }, exchange);
  }

  async function sendWith(proof: Proof, exchange: Exchange, elsewhere = false): Promise<UpstreamAnswer> {
    const { method, url, family, body, signal } = exchange;
    const headersMs = exchange.headersMs ?? timeouts.headersMs;
    const failureOf = (error: unknown) =>
      signal.aborted
        ? new UpstreamFailure('aborted', `The call to provider ${provider.name} was stopped.`)
        : transportFailure(error, { provider: provider.name, connectMs: timeouts.connectMs, headersMs });

    const headers = {
      ...familyHeaders(family),
      ...exchange.headers,
      ...proof.headers,
      ...(elsewhere ? {} : ownHeaders),
    };
    try {
      const target = targets.of(url);
      const route = await routeTo(target);
      signal.throwIfAborted();
      const idleMs = exchange.idleMs ?? timeouts.idleMs;
      const bodyOf = (source: BodySource) =>
        new WatchedBody(source, idleMs, () => silenceOf(provider, idleMs), failureOf);
      const answer = await dispatch(route, { method, target, headers, body, headersMs, signal }, bodyOf);
      const read = readAnswer(provider, answer);
      const secrets = proof.secrets.filter((secret) => secret.length >= SHORTEST_SECRET);
      return secrets.length === 0
        ? read
        : { ...read, withoutCredential: (bytes) => secrets.reduce(withoutText, bytes) };
    } catch (error) {
      throw failureOf(error);
    }
  }

  async function credential(): Promise<string | null> {
    const text = await storedText(deps.credential);
    if (text === null) credentialHeaders(provider, ownHeaders, null);
    return text;
  }

  async function routeTo(url: URL): Promise<Dispatcher> {
    try {
      return await dispatcher.for(url);
    } catch (error) {
      if (error instanceof CertificateTextError) throw settingFailure('tls', error.message);
      if (error instanceof ProxySettingError) throw settingFailure('connect', error.message);
      throw settingFailure('connect', 'The system did not say which proxy to use.');
    }
  }

  function settingFailure(reason: 'tls' | 'connect', why: string): UpstreamFailure {
    return new UpstreamFailure(reason, `Provider ${provider.name} cannot be called. ${why}`);
  }

  return {
    send,
    transport: { provider, credential, sendWith },
    retire: () => dispatcher.retire(),
    close: () => dispatcher.close(),
  };
}

function readAnswer(provider: HttpProvider, { status, headers, body }: DispatchedAnswer): UpstreamAnswer {
  const flat = flatHeaders(headers);
  const encoding = flat['content-encoding'] ?? 'identity';
  if (encoding === 'identity') return { status, headers: flat, body };
  void body.return();
  const message = `Provider ${provider.name} compressed its answer in a way that cannot be read.`;
  throw new UpstreamFailure('reset', message);
}

function silenceOf(provider: HttpProvider, idleMs: number): UpstreamFailure {
  const message = `Provider ${provider.name} fell silent for ${idleMs / 1_000} s within its answer.`;
  return new UpstreamFailure('idle_timeout', message);
}

/** Set-Cookie is the one field that must not be joined (RFC 9110 §5.3); nobody here reads cookies. */
function flatHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined && name !== 'set-cookie')
      flat[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return flat;
}

const AUTH_HEADERS = new Set(['authorization', 'x-api-key', 'api-key', 'x-goog-api-key']);

function credentialHeaders(
  provider: HttpProvider,
  ownHeaders: Readonly<Record<string, string>>,
  credential: string | null,
): Record<string, string> {
  if (credential !== null) return authHeaders(provider.kind, credential);
  const ownerSetOne = Object.keys(ownHeaders).some((name) => AUTH_HEADERS.has(name));
  if (ownerSetOne || PROVIDERS[provider.kind].credential === 'optional') return {};
  throw new UpstreamFailure(
    'credential_unavailable',
    `Provider ${provider.name} has no credential stored. Add its API key in the provider's settings.`,
  );
}

/** What is shorter is no secret but a placeholder for a local server, and may be a word of its errors. */
const SHORTEST_SECRET = 16;

function withoutText(bytes: Buffer, text: string): Buffer {
  if (!bytes.includes(text)) return bytes;
  return Buffer.from(bytes.toString('latin1').replaceAll(text, '[credential]'), 'latin1');
}

/** @throws UpstreamFailure for text that no header takes */
function sendableCredential(provider: HttpProvider, credential: string | null): string | null {
  if (credential === null || /^[\x21-\x7e]+$/.test(credential)) return credential;
  throw new UpstreamFailure(
    'credential_unavailable',
    `The credential of provider ${provider.name} holds blanks or characters that no API key has. Store it again.`,
  );
}

async function storedText(read: () => Promise<string | null>): Promise<string | null> {
  try {
    const text = (await read())?.trim() ?? '';
    return text === '' ? null : text;
  } catch (error) {
    const message = error instanceof VaultError ? error.message : 'The credential store cannot be read.';
    throw new UpstreamFailure('credential_unavailable', message);
  }
}

/** Fields that frame the message or belong to the proxy; undici sets them itself or refuses them. */
const NOT_THE_OWNERS = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-authorization',
  'transfer-encoding',
  'upgrade',
]);

function sendable(headers: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return Object.fromEntries(entries.filter(([name]) => !NOT_THE_OWNERS.has(name)));
}
