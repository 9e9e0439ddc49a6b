import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { isLoopbackAddress } from '../../accounts/addresses.ts';
import { GatewayError } from '../../errors.ts';
import { cameOverNetwork } from '../network-sockets.ts';

/** Names a browser can only have got by meaning this computer: another name may be rebound to it (DNS rebinding). */
const LOOPBACK_HOST = /^(127(\.\d{1,3}){3}|localhost|\[::1\])(:\d{1,5})?$/i;

/** A proxy or tunnel on this computer adds one of these: the caller then sits elsewhere. */
const FORWARDED = [
  ...['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'via'],
  ...['cf-connecting-ip', 'cf-ray', 'true-client-ip', 'tailscale-user-login', 'ngrok-auth-user-email'],
];

/** The desktop window: no socket can have this address. */
export function isInProcess(request: IncomingMessage): boolean {
  return request.socket.remoteAddress === 'in-process';
}

/** Whether the request was made on this computer: over loopback, by no proxy, and not over a door for others. */
export function isHere(request: IncomingMessage): boolean {
  const { remoteAddress = '' } = request.socket;
  if (cameOverNetwork(request) || !isLoopbackAddress(remoteAddress)) return false;
  return !isForwarded(request.headers);
}

/** Whether a proxy or a tunnel has passed the request on. */
export function isForwarded(headers: IncomingHttpHeaders): boolean {
  return FORWARDED.some((name) => headers[name] !== undefined);
}

/** Whether this computer was asked by its own name. */
export function hasLoopbackHost(host: string): boolean {
  return LOOPBACK_HOST.test(host);
}

/** @throws GatewayError `origin_not_allowed` */
export function refuseElsewhere(request: IncomingMessage): void {
  if (isHere(request)) return;
  throw new GatewayError(
    'origin_not_allowed',
    'This part of the gateway answers on the computer it runs on only.',
  );
}

/**
 * Lets only this computer in, by its own name.
 * @throws GatewayError `origin_not_allowed`
 */
export function refuseRemote(request: IncomingMessage): void {
  refuseElsewhere(request);
  if (!hasLoopbackHost(request.headers.host ?? '')) {
    throw new GatewayError(
      'origin_not_allowed',
      'Open the panel as http://127.0.0.1 or http://localhost with the port of the gateway.',
    );
  }
}

/**
 * Refuses what a browser sends for another site's page. A cookie is sent for every port of a host, so the
 * whole origin must be right.
 * @throws GatewayError `origin_not_allowed`
 */
export function refuseOtherOrigins(request: IncomingMessage): void {
  const { origin, host, 'sec-fetch-site': site } = request.headers;
  const own = `${'encrypted' in request.socket ? 'https' : 'http'}://${host}`.toLowerCase();
  if (origin !== undefined && origin.toLowerCase() !== own) {
    throw new GatewayError('origin_not_allowed', 'Another site may not call the admin API.');
  }
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    throw new GatewayError('origin_not_allowed', 'Another site may not call the admin API.');
  }
}
