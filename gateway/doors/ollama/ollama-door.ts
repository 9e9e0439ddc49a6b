import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import { GatewayError } from '../../errors.ts';
import { asGatewayError, type PipelineParts } from '../../pipeline/pipeline.ts';
import { errorEnvelope } from '../error-envelope.ts';
import { ASKING, KEEPING, SHARED_URLS, TELLING } from './paths.ts';
import { isAllowedOrigin, isOllamaCall, keylessKey, refuseProxied } from './reach.ts';

/** What Ollama lets a page send (its `routes.go`, CORS). */
const ALLOWED_HEADERS = 'Authorization, Content-Type, User-Agent, Accept, X-Requested-With';

/**
 * Ollama's API for programs on this computer, while the owner has it on; off, there is no such route, and those it
 * shares with the inference API are that one's. What answers is loaded with the first request.
 * @param isProxied whether a reverse proxy may stand between: a key is needed then
 */
export async function ollamaDoor(
  app: FastifyInstance,
  pipeline: PipelineParts,
  isProxied: (request: IncomingMessage) => boolean,
): Promise<void> {
  const { settings } = pipeline;
  const keyless: PipelineParts = { ...pipeline, keyless: (headers) => keylessKey(pipeline, headers) };
  const proxied: PipelineParts = { ...pipeline, keyless: refuseProxied };
  const partsFor = ({ raw }: FastifyRequest) => (isProxied(raw) ? proxied : keyless);
  const load = () => import('./answers.ts');

  // The pipeline reads bodies itself.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null, undefined));
  app.setErrorHandler((error, request, reply) => {
    const shown = asGatewayError(error);
    if (shown.code === 'internal')
      request.log.error({ err: error, requestId: request.id }, 'a request of Ollama’s API failed inside');
    // To whom it does not answer, it is a route that is not there.
    const body = isOllamaCall(settings, request.raw)
      ? { error: shown.message }
      : errorEnvelope('openai', shown, request.id);
    return reply.status(shown.status).headers(shown.headers).send(body);
  });
  app.addHook('onRequest', async (request, reply) => {
    if (!isOllamaCall(settings, request.raw)) throw noSuchRoute(request);
    grantOrigin(request, reply);
  });

  for (const [url, route] of ASKING)
    app.post(url, where(url), async (request, reply) => {
      const { ask } = await load();
      return pipeline.calls.during(() => ask(partsFor(request), route, request, reply));
    });
  for (const url of TELLING) {
    const tell: RouteHandlerMethod = async (request, reply) =>
      (await load()).tell(partsFor(request), url, request, reply);
    const method = url === '/api/show' ? ['POST'] : ['GET', 'HEAD'];
    app.route({ method, url, ...where(url), handler: tell });
  }
  for (const [method, url] of KEEPING) app.route({ method, url, ...where(url), handler: refuseKeeping });
  for (const url of [...ASKING.map(([asking]) => asking), ...TELLING])
    app.options(url, { ...where(url, true), config: { network: 'inner' } }, preflight);
}

/** @param here the route is there for this computer alone, whatever its caller may do elsewhere */
function where(url: string, here = SHARED_URLS.includes(url)) {
  return { config: { anyHost: true }, ...(here ? { constraints: { ollama: 'here' } } : {}) };
}

const refuseKeeping: RouteHandlerMethod = async () => {
  throw new GatewayError(
    'not_found',
    'This is a gateway: models are not kept here but published, by its owner, in the panel under Models.',
  );
};

/** CORS, for the pages that Ollama allows it. */
export function grantOrigin({ headers: { origin } }: FastifyRequest, reply: FastifyReply): void {
  if (origin === undefined || !isAllowedOrigin(origin)) return;
  reply.raw.setHeader('access-control-allow-origin', origin);
  reply.raw.setHeader('vary', 'origin');
}

export const preflight: RouteHandlerMethod = async (_request, reply) => {
  if (reply.raw.hasHeader('access-control-allow-origin')) {
    const asked = String(_request.headers['access-control-request-headers'] ?? '');
    reply.header('access-control-allow-methods', 'GET, POST, HEAD, OPTIONS');
    reply.header('access-control-allow-headers', asked === '' ? ALLOWED_HEADERS : asked);
    reply.header('access-control-max-age', '600');
  }
  return reply.status(204).send();
};

function noSuchRoute({ method, url }: FastifyRequest): GatewayError {
  return new GatewayError('not_found', `There is no route ${method} ${url.split('?')[0]}.`);
}
