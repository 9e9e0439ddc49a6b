/**
 * AWS event streams: each event is one binary frame
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html#RESTSelectObjectAppendix-Response).
 * A frame: its length, the headers' length, the CRC of both; headers; payload; the CRC of all of it.
 */
import { crc32 } from 'node:zlib';
import type { Framing } from '../framing.ts';
import type { ProtocolEvent } from '../turn.ts';

const PRELUDE_BYTES = 12;
const CRC_BYTES = 4;
const STRING_HEADER = 7;

export const AWS_EVENT_STREAM: Framing = {
  contentType: 'application/vnd.amazon.eventstream',
  frame: frameOf,
  // The protocol has none.
  keepAlive: () => Buffer.alloc(0),
};

function frameOf({ name = 'unknown', data, exception }: ProtocolEvent): Buffer {
  const kind = exception ? 'exception' : 'event';
  const headers = Buffer.concat([
    header(`:${kind}-type`, name),
    header(':content-type', 'application/json'),
    header(':message-type', kind),
  ]);
  const payload = Buffer.from(typeof data === 'string' ? data : JSON.stringify(data));
  const prelude = Buffer.alloc(PRELUDE_BYTES);
  prelude.writeUInt32BE(PRELUDE_BYTES + headers.length + payload.length + CRC_BYTES, 0);
  prelude.writeUInt32BE(headers.length, 4);
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
  const message = Buffer.concat([prelude, headers, payload]);
  const sum = Buffer.alloc(CRC_BYTES);
  sum.writeUInt32BE(crc32(message));
  return Buffer.concat([message, sum]);
}

/** Length of the name, name, type, length of the value, value. */
function header(name: string, value: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Buffer.byteLength(value));
  return Buffer.concat([
    Buffer.from([Buffer.byteLength(name)]),
    Buffer.from(name),
    Buffer.from([STRING_HEADER]),
    length,
    Buffer.from(value),
  ]);
}
