import type { FastifyInstance } from 'fastify';
import { inferenceDoor } from '../inference.ts';
import { type ModelsParts, modelsDoor } from '../models.ts';
import { grantOrigin, ollamaDoor, preflight } from './ollama-door.ts';
import { keylessKey } from './reach.ts';

/**
 * What stands behind the port of Ollama's own: its API, and OpenAI's and Anthropic's, since tools that find models by
 * the one ask by the other. Nothing of the owner's. Whoever may ask without a key may here on every route.
 */
export async function buildOllamaServer(
  pipeline: ModelsParts,
  newInstance: () => FastifyInstance,
): Promise<FastifyInstance> {
  const app = newInstance();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null, undefined));
  app.addHook('onRequest', async (request, reply) => grantOrigin(request, reply));
  const parts: ModelsParts = { ...pipeline, keyless: (headers) => keylessKey(pipeline, headers) };
  // What Ollama says there; tools look for it to see whether it runs.
  app.route({
    ...{ method: ['GET', 'HEAD'], url: '/', config: { network: 'nobody' as const, anyHost: true } },
    handler: async (_request, reply) => reply.type('text/plain; charset=utf-8').send('Ollama is running'),
  });
  app.options('/v1/*', preflight);
  await app.register((door) => inferenceDoor(door, parts));
  await app.register((door) => modelsDoor(door, parts));
  // Proxies stand before the gateway's usual port, if anywhere.
  await app.register((door) => ollamaDoor(door, pipeline, () => false));
  await app.ready();
  return app;
}
