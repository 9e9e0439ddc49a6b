import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { isLoopbackAddress } from '../accounts/addresses.ts';
import { hopsOf } from '../accounts/forwarded.ts';
import { GatewayError } from '../errors.ts';

/** The header of a tunnel's own server that says who calls. */
export type AnswerHeader = 'cf-connecting-ip' | 'x-forwarded-for';

/**
 * The client's address of a request that came through the tunnel: what its server says, by the word it wrote last.
 * @throws GatewayError `origin_not_allowed` for a request without: it came from a program on this computer
 */
export function tunnelClient({ headers }: Pick<IncomingMessage, 'headers'>, header: AnswerHeader): string {
  const value = headers[header];
  const [address] = typeof value === 'string' ? hopsOf('x-forwarded-for', value) : [null];
  if (address == null || isIP(address) === 0 || isLoopbackAddress(address)) {
    throw new GatewayError(
      'origin_not_allowed',
      'This door is for what comes through the tunnel. On this computer, use the address of the gateway.',
    );
  }
  return address;
}
