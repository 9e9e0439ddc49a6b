import { promisify } from 'node:util';
import zlib from 'node:zlib';
import getRawBody from 'raw-body';
import { GatewayError } from '../errors.ts';
import type { IncomingBody } from './call.ts';

export const BODY_LIMIT = 64 * 1024 * 1024;

const DECODERS: Readonly<
  Record<string, (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>>
> = {
  gzip: promisify(zlib.gunzip),
  'x-gzip': promisify(zlib.gunzip),
  deflate: promisify(zlib.inflate),
  br: promisify(zlib.brotliDecompress),
  zstd: promisify(zlib.zstdDecompress),
};

/**
 * Reads a request body, chunked or not, and undoes its content encodings (RFC 9110 §8.4). The limit of 64 MiB
 * holds for the bytes on the wire and for what they unpack to.
 * @throws GatewayError `request_too_large`, `invalid_request`
 */
export async function readBody(request: IncomingBody): Promise<Buffer> {
  const length = request.headers['content-length'] ?? null;
  let bytes: Buffer;
  try {
    bytes = await getRawBody(request, { limit: BODY_LIMIT, length });
  } catch (error) {
    if (hasType(error, 'entity.too.large')) throw tooLarge();
    throw new GatewayError('invalid_request', 'The body did not arrive whole.', { cause: error });
  }
  const encodings = (request.headers['content-encoding'] ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity');
  for (const encoding of encodings.reverse()) bytes = await decode(encoding, bytes);
  return bytes;
}

async function decode(encoding: string, bytes: Buffer): Promise<Buffer> {
  const decoder = Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding] : undefined;
  if (decoder === undefined) {
    throw new GatewayError(
      'invalid_request',
      'The content encoding is unknown; use gzip, deflate, br, zstd or none.',
    );
  }
  try {
    return await decoder(bytes, { maxOutputLength: BODY_LIMIT });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge();
    throw new GatewayError('invalid_request', `The body is not valid ${encoding}.`, { cause: error });
  }
}

function tooLarge(): GatewayError {
  return new GatewayError('request_too_large', 'The body is larger than 64 MiB.');
}

function hasType(error: unknown, type: string): boolean {
  return error instanceof Error && 'type' in error && error.type === type;
}
