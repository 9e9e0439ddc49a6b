import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GatewayError } from '../errors.ts';
import { asGatewayError, type PipelineParts, runCall } from '../pipeline/pipeline.ts';
import { ENDPOINTS, type Endpoint } from '../protocols/endpoint.ts';
import { HttpClient } from './client-connection.ts';
import { errorEnvelope } from './error-envelope.ts';
import { INFERENCE_PATHS, inferenceRoutes } from './inference-paths.ts';

/** The inference API, under every form in which people type its base URL. */
export async function inferenceDoor(app: FastifyInstance, parts: PipelineParts): Promise<void> {
  // The pipeline reads bodies itself: it checks the key first and forwards the bytes as they came.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null, undefined));

  for (const [path, endpoint] of INFERENCE_PATHS) {
    for (const { url, preset } of inferenceRoutes(path)) {
      app.post(url, (request, reply) =>
        parts.calls.during(() => answer(parts, endpoint, preset, request, reply)),
      );
    }
  }
}

async function answer(
  parts: PipelineParts,
  endpoint: Endpoint,
  presetRoute: boolean,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const { family } = ENDPOINTS[endpoint];
  const requestId = request.id;
  const headers = answerHeaders(requestId);
  const preset = presetRoute ? (request.params as { preset: string }).preset : null;
  if (preset !== null && parts.presets.get(preset) === undefined) {
    throw new GatewayError('not_found', `There is no route ${request.method} ${request.url.split('?')[0]}.`);
  }
  reply.hijack();
  const response = reply.raw;
  const client = new HttpClient(response);
  try {
    await runCall(
      parts,
      {
        endpoint,
        preset,
        requestId,
        address: parts.clients.of(request.raw),
        headers: request.headers,
        query: queryOf(request.url),
        body: request.raw,
      },
      client,
      headers,
    );
  } catch (error) {
    const shown = asGatewayError(error);
    if (shown.code === 'internal')
      request.log.error(
        { err: error, requestId: request.id },
        'an inference request failed inside the gateway',
      );
    sendError(response, shown, { ...headers, ...shown.headers }, errorEnvelope(family, shown, requestId));
  }
  await client.over();
}

function queryOf(url: string): string {
  const at = url.indexOf('?');
  return at === -1 ? '' : url.slice(at);
}

/** `request-id` is where Anthropic's SDK looks. */
export function answerHeaders(requestId: string): Record<string, string> {
  return { 'x-request-id': requestId, 'request-id': requestId };
}

export function sendError(
  response: FastifyReply['raw'],
  error: GatewayError,
  headers: Record<string, string>,
  envelope: Record<string, unknown>,
): void {
  if (response.destroyed) return;
  const body = Buffer.from(JSON.stringify(envelope));
  response.writeHead(error.status, {
    ...headers,
    'content-type': 'application/json; charset=utf-8',
    'content-length': body.length,
  });
  response.end(body);
}
