/** The built-in model `ntl/echo`: an upstream that answers locally, so that a first call works before any provider is set up. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Upstream, type UpstreamAnswer, type UpstreamCall, UpstreamFailure } from '../upstream.ts';
import { renderChat } from './chat.ts';
import { renderCompletions } from './completions.ts';
import { decide } from './decide.ts';
import { renderEmbeddings } from './embeddings.ts';
import { asString, readBody } from './json.ts';
import { renderMessages } from './messages.ts';
import { createCallFacts, type EchoEvent, type Rendered } from './rendered.ts';
import { renderResponses } from './responses.ts';
import { countInputTokens } from './tokens.ts';

const MODEL = 'ntl/echo';

/**
 * An upstream that repeats the last user text, calls the tools it is asked for, and counts one token per
 * four bytes. Equal requests get equal answers but for timestamps. Malformed bodies read as empty text:
 * it answers 200 to all of them.
 *
 * Its `call` throws UpstreamFailure `aborted` when the signal is aborted, and so does its stream.
 */
export function createEcho(): Upstream {
  return {
    async call(call) {
      throwIfAborted(call.signal);
      const body = readBody(call.body);
      const facts = createCallFacts(asString(body.model) || MODEL, call.body);
      switch (call.endpoint) {
        case 'chat':
          return answer(renderChat(body, decide(body), facts), body.stream, call);
        case 'messages':
          return answer(renderMessages(decide(body), facts), body.stream, call);
        case 'responses':
          return answer(renderResponses(body, decide(body), facts), body.stream, call);
        case 'completions':
          return answer(renderCompletions(body, facts), body.stream, call);
        case 'embeddings':
          return json(renderEmbeddings(body, facts));
        case 'count_tokens':
          return json({ input_tokens: countInputTokens(body) });
      }
    },
  };
}

function answer(rendered: Rendered, stream: unknown, call: UpstreamCall): UpstreamAnswer {
  if (stream !== true) return json(rendered.whole());
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' },
    body: serialise(rendered.events(), call.signal),
  };
}

function json(value: object): UpstreamAnswer {
  const bytes = Buffer.from(JSON.stringify(value));
  return {
    status: 200,
    headers: { 'content-type': 'application/json', 'content-length': String(bytes.length) },
    body: once(bytes),
  };
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

/** Gives way to other work after each event, so that a long echo neither blocks the process nor outlives its caller. */
async function* serialise(events: Iterable<EchoEvent>, signal: AbortSignal): AsyncGenerator<Buffer> {
  for (const { event, data } of events) {
    throwIfAborted(signal);
    const name = event === undefined ? '' : `event: ${event}\n`;
    yield Buffer.from(`${name}data: ${data === '[DONE]' ? data : JSON.stringify(data)}\n\n`);
    await nextTurn();
  }
}

function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted)
    throw new UpstreamFailure('aborted', 'The call was stopped before the answer was complete.');
}
