import { crc32 } from 'node:zlib';
import type { CanonicalEvent } from '../../../gateway/protocols/canonical/answer.ts';
import { eventsIn, modelAt, opened, scripted } from './setup.ts';

/**
 * A message of `application/vnd.amazon.eventstream`: lengths, headers and payload, each with its checksum.
 * https://smithy.io/2.0/aws/amazon-eventstream.html
 */
export function frame(type: string, payload: unknown, messageType: 'event' | 'exception' = 'event'): Buffer {
  const headers = Buffer.concat([
    header(':message-type', messageType),
    header(messageType === 'event' ? ':event-type' : ':exception-type', type),
    header(':content-type', 'application/json'),
  ]);
  const body = Buffer.from(JSON.stringify(payload));
  const prelude = Buffer.alloc(8);
  prelude.writeUInt32BE(headers.length + body.length + 16, 0);
  prelude.writeUInt32BE(headers.length, 4);
  const message = Buffer.concat([prelude, checksum(prelude), headers, body]);
  return Buffer.concat([message, checksum(message)]);
}

function header(name: string, value: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Buffer.byteLength(value));
  const STRING = 7;
  return Buffer.concat([
    Buffer.from([name.length]),
    Buffer.from(name),
    Buffer.from([STRING]),
    length,
    Buffer.from(value),
  ]);
}

function checksum(bytes: Buffer): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum;
}

export const STREAM_TYPE = { 'content-type': 'application/vnd.amazon.eventstream' };

export function delta(index: number, part: unknown): Buffer {
  return frame('contentBlockDelta', { contentBlockIndex: index, delta: part });
}

export function stop(index: number): Buffer {
  return frame('contentBlockStop', { contentBlockIndex: index });
}

export function messageStop(stopReason: string, more = {}): Buffer {
  return frame('messageStop', { stopReason, ...more });
}

export function usage(counts: object): Buffer {
  return frame('metadata', { usage: counts, metrics: { latencyMs: 5 } });
}

/** The gateway's events for what Bedrock streams. */
export async function streamed(frames: readonly Buffer[]): Promise<CanonicalEvent[]> {
  const server = await scripted((response) => {
    response.writeHead(200, STREAM_TYPE).end(Buffer.concat(frames));
  });
  return eventsIn(await opened(await modelAt('bedrock', server.origin), 'bedrock'));
}
