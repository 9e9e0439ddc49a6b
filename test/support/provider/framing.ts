/** From events to the bytes of an event stream, in the pieces they are written in. */
import type { Delivery } from './reply.ts';
import type { ProtocolEvent } from './turn.ts';

/** One buffer per write. */
export function framePieces(
  events: readonly ProtocolEvent[],
  delivery: Delivery,
  ping: ProtocolEvent | undefined,
): Buffer[] {
  const frames = events.map((event) => frame(event, delivery.lineEnd) + keepAlive(delivery, ping));
  return cutPieces(
    frames.map((text) => Buffer.from(text)),
    delivery.pieces,
  );
}

/** Joins and cuts buffers as told; cuts go through characters where they fall. */
export function cutPieces(frames: readonly Buffer[], pieces: Delivery['pieces']): Buffer[] {
  if (pieces === 'event') return [...frames];
  const all = Buffer.concat(frames);
  if (pieces === 'all') return [all];
  return Array.from({ length: Math.ceil(all.length / pieces) }, (_, index) =>
    all.subarray(index * pieces, (index + 1) * pieces),
  );
}

function frame({ name, data }: ProtocolEvent, lineEnd: string): string {
  const lines = name === undefined ? [] : [`event: ${name}`];
  lines.push(`data: ${data === '[DONE]' ? data : JSON.stringify(data)}`);
  return lines.join(lineEnd) + lineEnd + lineEnd;
}

function keepAlive(delivery: Delivery, ping: ProtocolEvent | undefined): string {
  if (!delivery.keepAlives) return '';
  return `: keep-alive${delivery.lineEnd}${delivery.lineEnd}${ping === undefined ? '' : frame(ping, delivery.lineEnd)}`;
}
