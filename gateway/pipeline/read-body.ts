import { promisify } from 'node:util';
import zlib from 'node:zlib';
import getRawBody from 'raw-body';
import { GatewayError } from '../errors.ts';
import type { IncomingBody } from './call.ts';

export const BODY_LIMIT = 64 * 1024 * 1024;

/** A header has room for thousands, each of which may unpack to the limit. */
const MOST_ENCODINGS = 4;

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
 * @param withinMs longest that it may take to arrive
 * @throws GatewayError `request_too_large`, `invalid_request`
 */
export async function readBody(request: IncomingBody, withinMs: number): Promise<Buffer> {
  const length = request.headers['content-length'] ?? null;
  let bytes: Buffer;
  try {
    bytes = await inTime(getRawBody(request, { limit: BODY_LIMIT, length }), withinMs);
  } catch (error) {
    if (error instanceof GatewayError) throw error;
    if (hasType(error, 'entity.too.large')) throw tooLarge();
    throw new GatewayError('invalid_request', 'The body did not arrive whole.', { cause: error });
  }
  const encodings = (request.headers['content-encoding'] ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity');
  if (encodings.length > MOST_ENCODINGS) {
    throw new GatewayError('invalid_request', `The body is encoded more than ${MOST_ENCODINGS} times over.`);
  }
  for (const encoding of encodings.reverse()) bytes = await decode(encoding, bytes);
  return bytes;
}

/** Who sends a byte now and then would hold on to a connection for ever: it ends with the answer. */
async function inTime<Result>(arriving: Promise<Result>, withinMs: number): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const message = `The body did not arrive whole within ${withinMs / 1_000} s.`;
      reject(new GatewayError('invalid_request', message, { headers: { connection: 'close' } }));
    }, withinMs);
  });
  try {
    return await Promise.race([arriving, late]);
  } finally {
    clearTimeout(timer);
  }
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
