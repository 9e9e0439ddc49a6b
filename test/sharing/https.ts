import { once } from 'node:events';
import { Agent, type RequestOptions, request } from 'node:https';
import type { TLSSocket } from 'node:tls';

export interface HttpsAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  /** The certificate's fingerprint (SHA-256) and protocol of the connection. */
  fingerprint: string;
  protocol: string | null;
}

export interface HttpsOptions extends Pick<RequestOptions, 'method' | 'headers' | 'agent' | 'localAddress'> {
  /** PEM that is trusted; null trusts whoever answers. */
  ca: string | null;
  body?: unknown;
}

/** One request over TLS, to an address by its own name. */
export async function askHttps(
  url: string,
  { ca, body, headers = {}, ...rest }: HttpsOptions,
): Promise<HttpsAnswer> {
  const trust = ca === null ? { rejectUnauthorized: false } : { ca };
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  const sent = request(url, { agent: new Agent(), ...trust, ...rest, headers: { ...json, ...headers } });
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  const [answer] = await once(sent, 'response');
  const socket = answer.socket as TLSSocket;
  const [fingerprint, protocol] = [socket.getPeerCertificate().fingerprint256, socket.getProtocol()];
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  return { status: answer.statusCode, headers: answer.headers, text, fingerprint, protocol };
}
