import { X509Certificate } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { GatewayError } from '../errors.ts';
import type { Sharing } from '../sharing/sharing.ts';
import { AUTHORITY_FILE } from '../sharing/trust-steps.ts';
import { trustPage } from './authority-page.ts';
import { PAGE_HEADERS } from './payment-pages.ts';

/** RFC 2585 §4.1 is the encoding of certificates; browsers offer to trust what comes as this. */
const CERTIFICATE = 'application/x-x509-ca-cert';
const TEXT = 'application/x-pem-file';

/**
 * The certificate of the gateway's authority, for everybody: `.crt` and `.pem` as PEM, which Node.js and Linux take,
 * `.cer` and `.der` as DER; and a page that says what to do with it.
 */
export async function authorityDoor(app: FastifyInstance, sharing: Sharing): Promise<void> {
  for (const path of ['/ca.crt', '/ca.pem']) {
    app.get(path, async (_request, reply) => file(reply, TEXT, AUTHORITY_FILE).send(pemOf(sharing)));
  }
  for (const path of ['/ca.cer', '/ca.der']) {
    app.get(path, async (_request, reply) => {
      const name = AUTHORITY_FILE.replace('.crt', '.cer');
      return file(reply, CERTIFICATE, name).send(new X509Certificate(pemOf(sharing)).raw);
    });
  }
  app.get('/ca', async (_request, reply) => {
    const pem = pemOf(sharing);
    const [origin = 'https://ADDRESS:7412'] = sharing.report().urls;
    return reply.headers(PAGE_HEADERS).send(trustPage(origin, new X509Certificate(pem).fingerprint256));
  });
}

function file(reply: FastifyReply, type: string, name: string): FastifyReply {
  return reply.type(type).headers({
    ...{ 'content-disposition': `attachment; filename="${name}"`, 'cache-control': 'no-store' },
    'x-content-type-options': 'nosniff',
  });
}

function pemOf({ authority }: Sharing): string {
  if (authority !== null) return authority;
  throw new GatewayError('not_found', 'There is no certificate: this gateway was never shared.');
}
