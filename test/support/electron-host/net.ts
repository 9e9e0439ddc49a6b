import { type ClientRequest, request } from 'node:http';
import type { ClientRequestConstructorOptions } from 'electron';

/** `net.request` by Node, to servers of the test: unencrypted, without redirects. */
export function requestByNode(options: ClientRequestConstructorOptions): ClientRequest {
  const { protocol, hostname, port, path, method, headers } = options;
  if (protocol !== 'http:') throw new Error(`net.request by ${protocol} is not in the stand-in for Electron`);
  return request({ protocol, hostname, port, path, method, headers: headers as Record<string, string> });
}
