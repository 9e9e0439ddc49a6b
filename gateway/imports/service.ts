/** Which kind of provider answers at an address. */

import { ENDPOINTS } from '../protocols/endpoint.ts';
import { checkBaseUrl } from '../providers/base-url.ts';
import { PROVIDERS } from '../providers/catalogue.ts';
import { isLoopback } from '../providers/dispatcher.ts';
import { LOCAL_KINDS } from '../providers/local-runtimes.ts';
import { PROVIDER_KINDS, type ProviderKind } from '../providers/provider-kinds.ts';

export interface Service {
  kind: ProviderKind;
  /** As it is stored: without an endpoint, the kind's own where it is that. */
  baseUrl: string;
}

/** As the admin API takes them. */
const LONGEST = 2_000;

/**
 * What answers at an address, and the address as a provider has it.
 * @param taken what the source takes it for
 * @param text as it stands in the settings, maybe a whole endpoint; undefined for the kind's own
 * @throws Error with a message for people, which never repeats the text
 */
export function serviceAt(taken: ProviderKind, text: string | undefined): Service {
  if (text !== undefined && text.length > LONGEST) throw new Error('Its address is too long.');
  if (text === undefined) return { kind: taken, baseUrl: ownAddress(taken) };
  const url = new URL(checkBaseUrl(withoutQuery(text)));
  const known = knownKind(url);
  if (known === undefined) return { kind: elsewhere(taken, url), baseUrl: withoutEndpoint(url) };
  if (known === 'azure-openai') return { kind: known, baseUrl: url.origin };
  const own = PROVIDERS[known].baseUrl;
  const isOwn = own !== null && new URL(own).origin === url.origin;
  return { kind: known, baseUrl: isOwn ? own : withoutEndpoint(url) };
}

function ownAddress(kind: ProviderKind): string {
  const { baseUrl, label } = PROVIDERS[kind];
  if (baseUrl === null) throw new Error(`Nothing says where ${label} answers.`);
  return baseUrl;
}

/** Azure's old addresses carry `?api-version=`, which the gateway does without; other queries are refused. */
function withoutQuery(text: string): string {
  return text.trim().replace(/\?api-version=[\w.-]{1,40}$/, '');
}

/** Ends of host names that are one service's alone. */
const HOSTS: readonly (readonly [end: string, kind: ProviderKind])[] = [
  ['.api.openai.com', 'openai'],
  ['.mistral.ai', 'mistral'],
  ['api.together.xyz', 'together'],
  // https://learn.microsoft.com/azure/foundry/openai/how-to/switching-endpoints
  ['.openai.azure.com', 'azure-openai'],
  ['.cognitiveservices.azure.com', 'azure-openai'],
  ['.services.ai.azure.com', 'azure-openai'],
  ['-aiplatform.googleapis.com', 'vertex'],
  ['aiplatform.googleapis.com', 'vertex'],
  ['ollama.com', 'ollama'],
];

/** Hosted ones by the host of the catalogue's address, local ones by their usual port on this computer. */
function knownKind(url: URL): ProviderKind | undefined {
  if (isLoopback(url.hostname)) return LOCAL_KINDS.slice(0, 2).find((kind) => portOf(kind) === url.port);
  if (url.protocol !== 'https:') return undefined;
  if (/^bedrock-runtime\.[\w-]{1,40}\.amazonaws\.com$/.test(url.hostname)) return 'bedrock';
  const hosted = PROVIDER_KINDS.find((kind) => {
    const { local, baseUrl } = PROVIDERS[kind];
    return !local && baseUrl !== null && new URL(baseUrl).host === url.host;
  });
  return hosted ?? HOSTS.find(([end]) => isHost(url.hostname, end))?.[1];
}

function isHost(hostname: string, end: string): boolean {
  return /^[.-]/.test(end) ? hostname.endsWith(end) : hostname === end;
}

/** The ports of Ollama and LM Studio are their own; 8080 and 8000 are everybody's. */
function portOf(kind: ProviderKind): string {
  return new URL(PROVIDERS[kind].baseUrl ?? '').port;
}

/** A kind that stands for one service answers at that service's address; elsewhere its protocol is meant. */
function elsewhere(taken: ProviderKind, url: URL): ProviderKind {
  const { local, baseUrl, protocols } = PROVIDERS[taken];
  if (local || baseUrl === null || new URL(baseUrl).host === url.host) return taken;
  return protocols['openai-chat'] === undefined ? 'anthropic-compatible' : 'openai-compatible';
}

const ENDPOINT_PATHS = [...new Set(Object.values(ENDPOINTS).map(({ path }) => path))].sort(
  (a, b) => b.length - a.length,
);

function withoutEndpoint(url: URL): string {
  const path = withoutSlashes(url.pathname);
  const endpoint = ENDPOINT_PATHS.find((one) => path.endsWith(one)) ?? '';
  return url.origin + withoutSlashes(path.slice(0, path.length - endpoint.length));
}

/** Two addresses that lead to the same place are the same text here: one with `/v1`, one of `localhost`. */
export function placeOfAddress(baseUrl: string): string {
  const url = new URL(baseUrl);
  const host = isLoopback(url.hostname) ? '127.0.0.1' : url.hostname;
  const port = url.port === '' ? '' : `:${url.port}`;
  return `${url.protocol}//${host}${port}${withoutSlashes(url.pathname).replace(/\/v1$/, '')}`;
}

function withoutSlashes(path: string): string {
  let end = path.length;
  while (path[end - 1] === '/') end -= 1;
  return path.slice(0, end);
}
