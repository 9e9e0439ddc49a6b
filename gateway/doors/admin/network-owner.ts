import type { IncomingMessage } from 'node:http';
import type { Sharing } from '../../sharing/sharing.ts';
import { cameOverNetwork } from '../network-sockets.ts';

/**
 * Whether the owner may come by such a request from another computer: the owner has the panel on the network, and the
 * request came over HTTPS to a name or address of this computer. Who it is remains to be shown.
 */
export function mayBeOwnerAbroad(request: IncomingMessage, sharing: Sharing): boolean {
  const { on, panel } = sharing.settings;
  if (!on || !panel || !cameOverNetwork(request) || !('encrypted' in request.socket)) return false;
  return sharing.isOwnHost(hostNameOf(request.headers.host ?? ''));
}

/** Without its port, and without the brackets of an IPv6 address. */
function hostNameOf(host: string): string {
  const [, bracketed, plain] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:/@\s]+))(?::\d{1,5})?$/.exec(host) ?? [];
  return bracketed ?? plain ?? '';
}
