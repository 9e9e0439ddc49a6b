/** From events to the bytes of an event stream, in the pieces they are written in. */
import type { Delivery } from './reply.ts';
import type { ProtocolEvent } from './turn.ts';

/** How one protocol puts events on the wire. */
export interface Framing {
  contentType: string;
  frame(event: ProtocolEvent, lineEnd: Delivery['lineEnd']): Buffer;
  /** Between events, when asked for. */
  keepAlive(lineEnd: Delivery['lineEnd']): Buffer;
}

/** Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export function eventStream(ping?: ProtocolEvent): Framing {
  return {
    contentType: 'text/event-stream; charset=utf-8',
    frame: (event, lineEnd) => Buffer.from(frame(event, lineEnd)),
    keepAlive: (lineEnd) =>
      Buffer.from(`: keep-alive${lineEnd}${lineEnd}${ping === undefined ? '' : frame(ping, lineEnd)}`),
  };
}

/** One buffer per write. */
export function framePieces(
  events: readonly ProtocolEvent[],
  { lineEnd, keepAlives, pieces }: Delivery,
  framing: Framing,
): Buffer[] {
  const frames = events.map((event) => {
    const framed = framing.frame(event, lineEnd);
    return keepAlives ? Buffer.concat([framed, framing.keepAlive(lineEnd)]) : framed;
  });
  return cutPieces(frames, pieces);
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
  lines.push(`data: ${typeof data === 'string' ? data : JSON.stringify(data)}`);
  return lines.join(lineEnd) + lineEnd + lineEnd;
}
