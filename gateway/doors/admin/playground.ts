import { PassThrough, Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { GatewayError } from '../../errors.ts';
import type { IncomingBody } from '../../pipeline/call.ts';
import { asGatewayError, runCall } from '../../pipeline/pipeline.ts';
import * as contract from './contract.ts';
import { notFound } from './errors.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { PlaygroundClient } from './playground-client.ts';
import { answers } from './schemas.ts';
import { idOf } from './values.ts';

/** A long conversation; the other admin routes make do with Fastify's 1 MiB. */
const BODY_LIMIT = 32 * 1024 * 1024;

/** The owner's own machine: what a member's address rules say of it holds. */
const ADDRESS = '127.0.0.1';

/** POST /playground: one request through the whole pipeline, as one of the keys. Nothing is kept but its audit row. */
export function playgroundRoutes(app: AdminApp, parts: AdminParts): void {
  app.post(
    '/playground',
    {
      bodyLimit: BODY_LIMIT,
      schema: {
        summary:
          'Asks a model as one of the keys; server-sent events: start, reasoning, delta, done or error',
        body: contract.PlaygroundRequest,
        response: answers(z.string().describe('text/event-stream')),
      },
    },
    async (request, reply) => {
      const keyId = idOf(request.body.keyId);
      if (parts.keys.get(keyId) === undefined) throw notFound('key');
      const out = new PassThrough();
      // Whoever leaves ends the stream with an error that nobody waits for.
      out.on('error', () => undefined);
      const client = new PlaygroundClient(out);
      void parts.pipeline.calls.during(async () => {
        client.send({ event: 'start', data: { requestId: request.id } });
        client.send(await converse(parts, request, keyId, request.body, client));
        out.end();
      });
      return reply
        .type('text/event-stream; charset=utf-8')
        .headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
        .send(out as never);
    },
  );
}

/** @returns the last event */
async function converse(
  parts: AdminParts,
  request: FastifyRequest,
  keyId: number,
  asked: contract.PlaygroundRequest,
  client: PlaygroundClient,
): Promise<contract.PlaygroundEvent> {
  let row: number | undefined;
  const pipeline = {
    ...parts.pipeline,
    onRow(id: number) {
      row = id;
      parts.pipeline.onRow(id);
    },
  };
  const incoming = {
    ...{ endpoint: 'chat' as const, preset: null, requestId: request.id, address: ADDRESS },
    ...{ headers: {}, query: '', body: bodyOf(asked), inside: { keyId, tool: 'playground' } },
  };
  try {
    await runCall(pipeline, incoming, client, {});
    const end = client.result();
    if ('error' in end)
      return failed(end.error.code ?? end.error.type ?? 'upstream_error', end.error.message);
    return done(parts, request.id, row, end.finishReason);
  } catch (error) {
    const shown = logged(asGatewayError(error), error, request);
    return failed(shown.code, shown.message);
  }
}

/** In chat's form: every model answers in it. */
function bodyOf({ model, system, messages, maxTokens }: contract.PlaygroundRequest): IncomingBody {
  const prompt = system === undefined || system.trim() === '' ? [] : [{ role: 'system', content: system }];
  const limit = maxTokens === undefined ? {} : { max_tokens: maxTokens };
  const body = { model, stream: true, messages: [...prompt, ...messages], ...limit };
  return Object.assign(Readable.from([Buffer.from(JSON.stringify(body))]), { headers: {} });
}

function done(
  parts: AdminParts,
  requestId: string,
  row: number | undefined,
  finishReason: string,
): contract.PlaygroundEvent {
  const figures = row === undefined ? undefined : parts.requests.row(row);
  if (figures === undefined) throw new Error('the audit row of an answered request is missing');
  const { ttfbMs, latencyMs, inputTokens, outputTokens, costMicros, estimated } = figures;
  return {
    event: 'done',
    data: {
      ...{ requestId, ttfbMs, latencyMs: latencyMs ?? 0, inputTokens, outputTokens },
      ...{ costMicros, estimated, finishReason },
    },
  };
}

function failed(code: string, message: string): contract.PlaygroundEvent {
  return { event: 'error', data: { code, message } };
}

function logged(shown: GatewayError, error: unknown, request: FastifyRequest): GatewayError {
  if (shown.code === 'internal') {
    request.log.error(
      { err: error, requestId: request.id },
      'a playground request failed inside the gateway',
    );
  }
  return shown;
}
