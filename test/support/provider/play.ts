/** Carries out a reply on a connection, faults included. */
import type { ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { finished } from 'node:stream/promises';
import { createBrotliCompress, createDeflate, createGzip, createZstdCompress } from 'node:zlib';
import { cutPieces, framePieces } from './framing.ts';
import { type Body, isObject } from './refusal.ts';
import type { Breakage, Delivery, Encoding, RawReply, Reply, TurnReply } from './reply.ts';
import type { Recording } from './request.ts';
import type { Route } from './route.ts';
import type { ProtocolEvent, RenderedTurn, Turn } from './turn.ts';

/** Answers `recording` by `reply`. Returns when there is nothing left to do; a stall only ends with the connection. */
export async function play(
  reply: Reply,
  recording: Recording,
  response: ServerResponse,
  route: Route,
): Promise<void> {
  switch (reply.kind) {
    case 'connection':
      return breakOff(reply.how, recording, response);
    case 'raw':
      return playRaw(reply, recording, response, route);
    case 'turn': {
      const body: Body = isObject(recording.json) ? recording.json : {};
      const rendered = render(reply.turn, body, route);
      const streams = route.streams(body) && !reply.delivery.asJson && rendered.events.length > 0;
      return streams
        ? playStream(reply, rendered, body, recording, response, route)
        : playWhole(JSON.stringify(rendered.whole), 200, reply.delivery, recording, response, route);
    }
  }
}

/** The turn on this route, unless the script has its own events or edits them. */
function render(turn: Turn, body: Body, route: Route): RenderedTurn {
  const usual = route.render(turn, body);
  const { events = usual.events, whole = usual.whole, edit } = turn;
  const endsAt = turn.events === undefined ? usual.endsAt : events.length;
  const rendered = { events, whole, endsAt };
  return edit === undefined ? rendered : edit(rendered);
}

function playRaw(
  reply: RawReply,
  recording: Recording,
  response: ServerResponse,
  route: Route,
): Promise<void> {
  const usual = route.usualError(reply.status, reply.message);
  const body = reply.body ?? usual.body;
  const bytes = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const headers = { ...(reply.body === undefined ? usual.headers : {}), ...reply.delivery.headers };
  return playWhole(bytes, reply.status, { ...reply.delivery, headers }, recording, response, route);
}

/** A body of known length, unless it is compressed on the way. A broken one stops in its middle. */
async function playWhole(
  body: string | Buffer,
  status: number,
  delivery: Delivery,
  recording: Recording,
  response: ServerResponse,
  route: Route,
): Promise<void> {
  const how = delivery.breakage?.how;
  if (how === 'error') {
    const intact = { ...delivery, breakage: undefined };
    const { body: failure } = route.usualError(500, delivery.breakage?.error.message);
    return playWhole(JSON.stringify(failure), 500, intact, recording, response, route);
  }
  const bytes = Buffer.from(body);
  const told = how === 'cut' ? bytes.length >> 1 : bytes.length + delivery.lengthError;
  const length = delivery.encoding === undefined ? { 'content-length': String(told) } : {};
  response.writeHead(status, { ...answerHeaders('application/json', delivery, route), ...length });
  const sent = how === undefined ? bytes : bytes.subarray(0, bytes.length >> 1);
  await send(cutPieces([sent], delivery.pieces), delivery, recording, response);
  if (how !== undefined && how !== 'cut') return breakOff(how, recording, response);
  // With too great a content-length the peer waits for more; closing shows it that nothing comes.
  if (delivery.lengthError > 0) return breakOff('hangUp', recording, response);
  response.end();
}

async function playStream(
  { delivery }: TurnReply,
  rendered: RenderedTurn,
  body: Body,
  recording: Recording,
  response: ServerResponse,
  route: Route,
): Promise<void> {
  const events = shownEvents(rendered, body, delivery, route);
  response.writeHead(200, answerHeaders(route.framing.contentType, delivery, route));
  response.flushHeaders();
  await send(framePieces(events, delivery, route.framing), delivery, recording, response);
  const how = delivery.breakage?.how;
  if (how === 'reset' || how === 'hangUp' || how === 'stall') return breakOff(how, recording, response);
  response.end();
}

function shownEvents(
  rendered: RenderedTurn,
  body: Body,
  { breakage }: Delivery,
  route: Route,
): ProtocolEvent[] {
  if (breakage === undefined) return rendered.events;
  const shown = rendered.events.slice(0, breakage.after ?? rendered.endsAt);
  return breakage.how === 'error' ? [...shown, route.errorEvent(breakage.error, shown.length, body)] : shown;
}

function answerHeaders(contentType: string, delivery: Delivery, route: Route): Record<string, string> {
  return {
    'content-type': contentType,
    ...route.headers,
    ...(delivery.encoding === undefined ? {} : { 'content-encoding': delivery.encoding }),
    ...delivery.headers,
  };
}

/** Writes the pieces, each once the gate lets it through and the one before is with the kernel. */
async function send(
  pieces: Buffer[],
  delivery: Delivery,
  recording: Recording,
  response: ServerResponse,
): Promise<void> {
  const write =
    delivery.encoding === undefined ? plainWriter(response) : compressingWriter(response, delivery.encoding);
  for (const piece of pieces) {
    if (delivery.gated) await recording.gate.pass();
    if (response.destroyed) return;
    await write(piece);
    recording.piecesSent += 1;
    recording.gate.wrote();
  }
  if (!LEFT_OPEN.has(delivery.breakage?.how)) await write(undefined);
}

/** Breakages that end no stream properly, a compressed one neither. */
const LEFT_OPEN: ReadonlySet<Breakage | undefined> = new Set<Breakage>(['reset', 'hangUp', 'stall']);

/** Writes one piece; undefined means there is no more. */
type Writer = (piece: Buffer | undefined) => Promise<void>;

function plainWriter(response: ServerResponse): Writer {
  return (piece) =>
    new Promise((resolve) => {
      if (piece === undefined) resolve();
      // A failed write means that the peer is gone, which 'close' reports.
      else response.write(piece, () => resolve());
    });
}

/** Flushes after each piece, so that the peer can decode it at once. */
function compressingWriter(response: ServerResponse, encoding: Encoding): Writer {
  const encoder = ENCODERS[encoding]();
  encoder.on('data', (bytes: Buffer) => response.write(bytes));
  return async (piece) => {
    if (piece === undefined) {
      encoder.end();
      await finished(encoder);
      return;
    }
    await new Promise<void>((resolve) => {
      encoder.write(piece);
      encoder.flush(() => resolve());
    });
  };
}

const ENCODERS = {
  gzip: createGzip,
  br: createBrotliCompress,
  deflate: createDeflate,
  zstd: createZstdCompress,
} as const satisfies Record<Encoding, () => unknown>;

async function breakOff(how: Breakage, recording: Recording, response: ServerResponse): Promise<void> {
  if (how === 'stall') return;
  recording.close(false);
  const { socket } = response;
  // Only a plain TCP socket can be reset; TLS sockets throw.
  if (how === 'reset' && socket?.constructor === Socket) socket.resetAndDestroy();
  else socket?.destroy();
}
