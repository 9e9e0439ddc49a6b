/** From where Ollama's API may be called: by programs on this computer, and by the pages they show. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { rangeList } from '../../accounts/addresses.ts';
import type { Keys } from '../../accounts/keys.ts';
import type { Settings } from '../../catalogue/settings.ts';
import { GatewayError } from '../../errors.ts';
import { hasLoopbackHost, isForwarded, isHere } from '../admin/local-request.ts';

/** Pages of this computer's own servers. Another spelling of the address may be another's page. */
const LOOPBACK_ORIGIN = /^https?:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;

/** Pages of desktop apps and editors; no web page can have such an origin. */
const APP_ORIGIN = /^(app|file|tauri|vscode-webview|vscode-file):\/\//i;

/** Whether Ollama's routes answer such a request. */
export function isOllamaCall(settings: Settings, request: IncomingMessage): boolean {
  return settings.get('ollama') && isHere(request);
}

/** The origins that Ollama allows unless told otherwise. */
export function isAllowedOrigin(origin: string): boolean {
  return LOOPBACK_ORIGIN.test(origin) || APP_ORIGIN.test(origin);
}

/**
 * The key that a request without one counts as.
 * @returns its id; null where the owner lets nobody in without a key
 * @throws GatewayError `origin_not_allowed` for a request that a web page or another computer may have sent;
 *   `key_revoked` where the owner's choice is no more
 */
export function keylessKey(
  { settings, keys }: { settings: Settings; keys: Keys },
  headers: IncomingHttpHeaders,
): number | null {
  const id = settings.get('ollama_key');
  if (!settings.get('ollama') || typeof id !== 'number') return null;
  refuseStrangers(headers);
  const key = keys.get(id);
  if (key === undefined || key.revokedAt !== null) {
    throw new GatewayError(
      'key_revoked',
      'Requests without a key count as a key here that was revoked. Send a key, or choose another under Settings, Ollama.',
    );
  }
  return id;
}

/**
 * A browser says which page asks: by `origin`, and where it sends none, by `sec-fetch-site`. A name that is not this
 * computer's own may have been made to point here (DNS rebinding).
 */
function refuseStrangers(headers: IncomingHttpHeaders): void {
  const { origin, host = '', 'sec-fetch-site': site } = headers;
  if (isForwarded(headers)) throw refused('It came through a proxy.');
  if (!hasLoopbackHost(host)) throw refused('It asks for another name than 127.0.0.1 or localhost.');
  if (origin !== undefined) {
    if (!isAllowedOrigin(origin)) throw refused('It came from a web page.');
  } else if (site !== undefined && site !== 'same-origin' && site !== 'none')
    throw refused('It came from a web page.');
}

/**
 * Whether a reverse proxy in front of the gateway may have passed the request on without a word of it: one that the
 * owner trusts on this computer, or nginx as it is without settings, which asks by HTTP/1.0 and the gateway's own name.
 */
export function mayBeProxied(settings: Settings, { httpVersion, socket }: IncomingMessage): boolean {
  const proxies = settings.get('trusted_proxies');
  return httpVersion === '1.0' || (proxies.length > 0 && rangeList(proxies).has(socket.remoteAddress ?? ''));
}

/** @throws GatewayError `origin_not_allowed` */
export function refuseProxied(): never {
  throw refused('A reverse proxy on this computer may have passed it on.');
}

function refused(why: string): GatewayError {
  return new GatewayError('origin_not_allowed', `Such a request needs a key. ${why}`);
}
