/**
 * What a scripted provider does with a request. Start from a turn or a raw answer, then wrap it in what
 * should go wrong:
 *
 * @example
 * provider.script(
 *   reply.status(429, { headers: { 'retry-after': '2' } }),
 *   reply.cut(reply.text('half an answer'), { after: 3 }),
 *   reply.gated(reply.text('one two three')),
 *   reply.compressed(reply.split(reply.text('grüße'), 1), 'gzip'),
 *   reply.text('hi', { usage: { input: 100, output: 2, cached: 80 } }),
 *   reply.parts([{ type: 'thinking', text: 'hm' }, { type: 'text', text: 'so' }, { type: 'tool_call', name: 'f' }]),
 *   reply.wire(reply.tools(calls), { chat: { calls: 'interleaved', ids: 'missing' } }),
 * );
 */
import type { RecordedRequest } from './request.ts';
import type { Part, ProtocolEvent, RenderedTurn, ScriptedCall, Turn } from './turn.ts';
import type { Wire } from './wire.ts';

export type Encoding = 'gzip' | 'br' | 'deflate' | 'zstd';

/** How an answer that does not complete is left. One that is not streamed stops in the middle of its JSON. */
export type Breakage =
  /** Ends as if complete, without the protocol's last events. */
  | 'cut'
  /** TCP reset: what the peer has not read yet may be lost. On TLS the same as `hangUp`. */
  | 'reset'
  /** Closes the connection in the middle of the body; what was sent arrives. */
  | 'hangUp'
  /** Falls silent until the peer hangs up or the provider closes. */
  | 'stall'
  /** Sends the protocol's error event, then ends. An answer that is not streamed is a 500 instead. */
  | 'error';

/** What a stream that has begun says went wrong. What is left out is as the service usually says it. */
export interface ScriptedError {
  message: string;
  /** Such as `overloaded_error`, `server_error`, `RESOURCE_EXHAUSTED`, `throttlingException`. */
  type?: string | undefined;
  code?: string | undefined;
  /**
   * `failed`: a Responses `response.failed`. `nested`: a Responses `error` event with an `error` object in it.
   * `chunk`: an ordinary chat chunk with an `error` beside its choices.
   */
  form?: 'nested' | 'failed' | 'chunk' | undefined;
}

export interface Delivery {
  /** Extra response headers; they replace the usual ones. */
  headers: Record<string, string>;
  /** Each piece waits for `request.release()`. */
  gated: boolean;
  lineEnd: '\n' | '\r\n' | '\r';
  /** Comments between the events, and Anthropic's `ping`. */
  keepAlives: boolean;
  /** What is written at once: an event, everything, or so many bytes. */
  pieces: 'event' | 'all' | number;
  encoding: Encoding | undefined;
  /** Answers a stream request with JSON. */
  asJson: boolean;
  /** Added to the true `content-length` of an answer that is not streamed. */
  lengthError: number;
  /** `after`: how many events are sent before; negative counts from the last; default: all but the ending ones. */
  breakage: { how: Breakage; after: number | undefined; error: ScriptedError } | undefined;
}

export interface TurnReply {
  kind: 'turn';
  turn: Turn;
  delivery: Delivery;
}

/** A fixed answer. Without `body` an error body in the route's own form is made. */
export interface RawReply {
  kind: 'raw';
  status: number;
  body: string | Buffer | object | undefined;
  /** Of the error body, when that is made. */
  message: string | undefined;
  delivery: Delivery;
}

/** The connection breaks, or falls silent, before any header. */
export interface ConnectionReply {
  kind: 'connection';
  how: 'reset' | 'stall';
}

export type Reply = TurnReply | RawReply | ConnectionReply;
type Answering = TurnReply | RawReply;

/** A reply, or a function that makes one out of the request. */
export type Script = Reply | ((request: RecordedRequest) => Reply);

const PLAIN: Delivery = {
  headers: {},
  gated: false,
  lineEnd: '\n',
  keepAlives: false,
  pieces: 'event',
  encoding: undefined,
  asJson: false,
  lengthError: 0,
  breakage: undefined,
};

function turn(content: Turn): TurnReply {
  return { kind: 'turn', turn: content, delivery: PLAIN };
}

function raw(status: number, body: RawReply['body'], headers: Record<string, string>): RawReply {
  return { kind: 'raw', status, body, message: undefined, delivery: { ...PLAIN, headers } };
}

function deliver<R extends Answering>(inner: R, change: Partial<Delivery>): R {
  return { ...inner, delivery: { ...inner.delivery, ...change } };
}

const USUAL_MESSAGE = 'The server had an error while processing your request. Sorry about that!';

function broken(how: Breakage, inner: TurnReply, options: At & Partial<ScriptedError>): TurnReply {
  const { after, ...error } = options;
  return deliver(inner, { breakage: { how, after, error: { message: USUAL_MESSAGE, ...error } } });
}

interface At {
  /** Events sent before it happens; negative counts from the last. Default: all but the ending ones. */
  after?: number;
}

export const reply = {
  /** The full form: thinking, text, tool calls, usage, finish reason. */
  turn,
  /** A text; an array gives the deltas exactly. */
  text: (text: string | string[], rest: Omit<Turn, 'text'> = {}) => turn({ ...rest, text }),
  /** Tool calls, parallel when there are several; `rest` may add text before them. */
  tools: (toolCalls: ScriptedCall[], rest: Omit<Turn, 'toolCalls'> = {}) => turn({ ...rest, toolCalls }),
  /** Thinking, text, calls, refusals and searches in any order. */
  parts: (parts: Part[], rest: Omit<Turn, 'parts'> = {}) => turn({ ...rest, parts }),
  /** These events in place of a turn, and `whole` where no stream is asked for. */
  events: (events: ProtocolEvent[], whole: object = {}) => turn({ events, whole }),
  /** As compatible servers or newer versions of a service would send it. */
  wire: (inner: TurnReply, wire: Wire): TurnReply => ({
    ...inner,
    turn: { ...inner.turn, wire: { ...inner.turn.wire, ...wire } },
  }),
  /** Changes what was made of a turn in the protocol of the request. */
  edited: (inner: TurnReply, edit: (rendered: RenderedTurn) => RenderedTurn): TurnReply => ({
    ...inner,
    turn: { ...inner.turn, edit },
  }),

  /** An error status with the service's own body (429, 500, 503, 529 …), or the body given. */
  status: (
    status: number,
    options: { headers?: Record<string, string>; body?: RawReply['body']; message?: string } = {},
  ): RawReply => ({
    ...raw(status, options.body, options.headers ?? {}),
    message: options.message,
  }),
  /** An HTML error page, as load balancers send it. */
  html: (status: number) =>
    raw(
      status,
      `<html><head><title>${status}</title></head><body><h1>${status}</h1><hr>nginx</body></html>`,
      {
        'content-type': 'text/html',
      },
    ),
  redirect: (location: string, status = 307) => raw(status, '', { location }),
  /** 200 and an event stream that is none. */
  junk: () =>
    raw(
      200,
      Buffer.concat([
        Buffer.from([0xff, 0xfe, 0, 0x80]),
        Buffer.from('data: {"broken\n\n%%%\n\ndata: [1,\n\n'),
      ]),
      {
        'content-type': 'text/event-stream',
      },
    ),

  /** Without `inner`: before any header. With it: in the middle of that stream. See `Breakage`. */
  reset: (inner?: TurnReply, at: At = {}): Reply =>
    inner ? broken('reset', inner, at) : { kind: 'connection', how: 'reset' },
  stall: (inner?: TurnReply, at: At = {}): Reply =>
    inner ? broken('stall', inner, at) : { kind: 'connection', how: 'stall' },
  cut: (inner: TurnReply, at: At = {}) => broken('cut', inner, at),
  hangUp: (inner: TurnReply, at: At = {}) => broken('hangUp', inner, at),
  /** See `ScriptedError`; `after: 0` makes it the first event. */
  error: (inner: TurnReply, options: At & Partial<ScriptedError> = {}) => broken('error', inner, options),

  /** Nothing of the body goes out until the test calls `request.release()`; without a stream, no header either. */
  gated: <R extends Answering>(inner: R) => deliver(inner, { gated: true }),
  lineEnd: (inner: TurnReply, lineEnd: Delivery['lineEnd']) => deliver(inner, { lineEnd }),
  keepAlives: (inner: TurnReply) => deliver(inner, { keepAlives: true }),
  /** Written in pieces of `bytes` bytes, through characters and events alike. */
  split: <R extends Answering>(inner: R, bytes: number) => deliver(inner, { pieces: bytes }),
  /** All events in one write. */
  joined: (inner: TurnReply) => deliver(inner, { pieces: 'all' }),
  /** Whatever the request accepts. Each piece is flushed, so events still arrive one by one. */
  compressed: <R extends Answering>(inner: R, encoding: Encoding) => deliver(inner, { encoding }),
  asJson: (inner: TurnReply) => deliver(inner, { asJson: true }),
  /** Tells a `content-length` that is wrong by so many bytes; not for streams. */
  wrongLength: <R extends Answering>(inner: R, by: number) => deliver(inner, { lengthError: by }),
  headers: <R extends Answering>(inner: R, headers: Record<string, string>) =>
    deliver(inner, { headers: { ...inner.delivery.headers, ...headers } }),
};
