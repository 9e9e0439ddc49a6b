import type { IncomingMessage } from 'node:http';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
  LogController,
} from 'fastify';
import { ProgressFeed } from './audit/progress-feed.ts';
import { RequestFeed } from './audit/request-feed.ts';
import { isInProcess } from './doors/admin/local-request.ts';
import { controlPlaneDoor } from './doors/control-plane.ts';
import { errorEnvelope } from './doors/error-envelope.ts';
import { healthDoor } from './doors/health.ts';
import { answerHeaders, inferenceDoor } from './doors/inference.ts';
import { metricsDoor } from './doors/metrics.ts';
import { modelsDoor } from './doors/models.ts';
import { guardReach, type Route } from './doors/network-routes.ts';
import { ollamaDoor } from './doors/ollama/ollama-door.ts';
import { isOllamaCall, mayBeProxied } from './doors/ollama/reach.ts';
import type { Metrics } from './doors/prometheus.ts';
import { GatewayError } from './errors.ts';
import type { Parts } from './parts.ts';
import { asGatewayError, type PipelineParts, shuttingDown } from './pipeline/pipeline.ts';
import type { Family } from './protocols/endpoint.ts';
import { requestId } from './request-id.ts';
import type { Sharing } from './sharing/sharing.ts';

export interface ServerOptions {
  parts: Parts;
  log: FastifyBaseLogger;
  draining: () => boolean;
  keepAliveMs: number;
  /** Longest that a body may take to arrive. */
  bodyMs: number;
  /** Folder of the built panel; null where it was not built. */
  panelDir: string | null;
  version: string;
  sharing: Sharing;
  /** Whether the owner may come from another computer by such a request. */
  ownerFromNetwork: (request: FastifyRequest['raw']) => boolean;
  /** @returns the OpenAPI description of the admin API */
  registerAdmin: (app: FastifyInstance, pipeline: PipelineParts) => Promise<() => object>;
}

/**
 * The Fastify instance with one `register` for each door. Its own server never listens (`listening.ts`). Of what is
 * not inference, the most comes with an instance of its own, when it is first asked for (`control-plane.ts`).
 * @returns it, and the pipeline for instances beside it
 */
export async function buildServer(
  options: ServerOptions,
): Promise<{ app: FastifyInstance; pipeline: PipelineParts }> {
  const routes: Route[] = [];
  const { settings } = options.parts;
  const app = newInstance({ ...options, isOllamaCall: (request) => isOllamaCall(settings, request) }, routes);
  app.decorate('allRoutes', routes);
  const metrics = lazyMetrics(options.parts);
  const pipeline = pipelineParts(options, metrics);
  await app.register((door) => healthDoor(door, options.parts.instance));
  await app.register((door) => metricsDoor(door, metrics, options.parts.settings));
  await app.register((door) => inferenceDoor(door, pipeline));
  await app.register((door) => modelsDoor(door, { ...pipeline, plans: options.parts.plans }));
  await app.register((door) => ollamaDoor(door, pipeline, (request) => mayBeProxied(settings, request)));
  await app.register((door) =>
    controlPlaneDoor(door, async () => {
      const { registerControlPlane } = await import('./control-plane.ts');
      const inner = newInstance(options, routes);
      await registerControlPlane(inner, options, pipeline);
      return inner;
    }),
  );
  return { app, pipeline };
}

/**
 * What holds for every door: ids, headers, the refusal while draining, who may come from other computers, and how
 * errors are told.
 * @param routes is told every route
 */
export function newInstance(
  options: Pick<ServerOptions, 'log' | 'draining' | 'ownerFromNetwork'> & {
    /** Whether routes of Ollama's API stand before others of the same path. */
    isOllamaCall?: (request: IncomingMessage) => boolean;
  },
  routes: Route[],
): FastifyInstance {
  const app = Fastify({
    loggerInstance: options.log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: requestId,
    // A logger of its own for each request costs more than the few lines that are ever logged.
    childLoggerFactory: (logger) => logger,
    requestIdHeader: false,
    return503OnClosing: false,
    exposeHeadRoutes: false,
    schemaController: { compilersFactory: { buildValidator: noCompiler, buildSerializer: noCompiler } },
    frameworkErrors: (error, request, reply) => void sendError(error, request, reply),
    routerOptions: {
      ...{ ignoreTrailingSlash: true, ignoreDuplicateSlashes: true, maxParamLength: 512 },
      constraints: { ollama: ollamaConstraint(options.isOllamaCall ?? (() => false)) },
    },
  });
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(answerHeaders(request.id));
    // The window goes on: it shows what is waited for.
    done(options.draining() && !isInProcess(request.raw) ? shuttingDown() : undefined);
  });
  guardReach(app, routes, options.ownerFromNetwork);
  app.setErrorHandler(sendError);
  app.setNotFoundHandler((request, reply) => {
    const what = `${request.method} ${pathOf(request)}`;
    return sendError(new GatewayError('not_found', `There is no route ${what}.`), request, reply);
  });
  return app;
}

/** Two APIs share some paths: a route with the constraint `ollama: 'here'` goes before that without. */
function ollamaConstraint(isOllamaCall: (request: IncomingMessage) => boolean): Constraint {
  return {
    name: 'ollama',
    storage() {
      const routes = new Map<string, Parameters<ReturnType<Constraint['storage']>['set']>[1]>();
      return {
        get: (key) => routes.get(key) ?? null,
        set: (key, route) => void routes.set(key, route),
      };
    },
    validate: () => undefined,
    deriveConstraint: (request) => (isOllamaCall(request) ? 'here' : ''),
  };
}

type RouterOptions = NonNullable<FastifyServerOptions['routerOptions']>;
type Constraint = NonNullable<RouterOptions['constraints']>[string];

/** Doors with schemas bring the compiler with them; those of Fastify are not even loaded. */
function noCompiler(): never {
  throw new Error('A route has a schema, and its door no compiler for it.');
}

function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const shown = asGatewayError(toGatewayError(error));
  if (shown.code === 'internal') {
    request.log.error({ err: error, requestId: request.id }, 'a request failed inside the gateway');
  }
  return reply
    .status(shown.status)
    .headers({ ...answerHeaders(request.id), ...shown.headers })
    .send(errorEnvelope(familyOf(request), shown, request.id));
}

/** Measuring costs a little all the time, and memory: nothing of it is loaded until the owner asks for it. */
function lazyMetrics({ calls }: Parts): () => Promise<Metrics> {
  let metrics: Promise<Metrics> | undefined;
  return () => {
    metrics ??= import('./doors/prometheus.ts').then((module) => new module.Metrics(() => calls.count));
    return metrics;
  };
}

function pipelineParts(
  { parts, keepAliveMs, bodyMs }: ServerOptions,
  metrics: () => Promise<Metrics>,
): PipelineParts {
  const { events, requests, settings } = parts;
  const feed = new RequestFeed(events, (id) => requests.row(id));
  const progress = new ProgressFeed(events);
  return {
    ...parts,
    random: Math.random,
    keepAliveMs,
    bodyMs,
    onRow(id) {
      progress.ended(id);
      const row = settings.get('metrics') ? requests.row(id) : undefined;
      if (row !== undefined) void metrics().then((counting) => counting.count(row));
      feed.note(id);
    },
    onProgress: (id, told) => progress.note(id, told),
  };
}

/** Fastify's own errors about a request: a body it cannot read, a malformed URL. */
function toGatewayError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof GatewayError || !('statusCode' in error)) return error;
  const status = Number(error.statusCode);
  if (status === 413) return new GatewayError('request_too_large', 'The body is too large.');
  if (status >= 400 && status < 500) return new GatewayError('invalid_request', error.message);
  return error;
}

/** Anthropic's clients say so by their header or by the route. */
function familyOf(request: FastifyRequest): Family {
  const anthropic =
    request.headers['anthropic-version'] !== undefined || pathOf(request).includes('/messages');
  return anthropic ? 'anthropic' : 'openai';
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?')[0]?.slice(0, 200) ?? '';
}
