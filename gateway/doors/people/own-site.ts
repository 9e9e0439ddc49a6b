import type { IncomingMessage } from 'node:http';
import { GatewayError } from '../../errors.ts';

/**
 * Refuses what a browser sends for another site's page. Browsers say what page asks (`sec-fetch-site`) over HTTPS and to
 * this computer; elsewhere the origin's host must be the one that was asked, whatever ends TLS in between.
 * @throws GatewayError `origin_not_allowed`
 */
export function refuseOtherSites({ headers }: IncomingMessage): void {
  const { origin, host = '', 'sec-fetch-site': site } = headers;
  const foreign =
    site === undefined
      ? origin !== undefined && hostOf(origin) !== host.toLowerCase()
      : site !== 'same-origin' && site !== 'none';
  if (foreign) throw new GatewayError('origin_not_allowed', 'A page of another site may not ask this.');
}

/** `null` is what a page without an origin sends. */
function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
