import type { FastifyInstance } from 'fastify';
import type { ApiKey } from '../accounts/keys.ts';
import { INSTANCE_HEADER } from '../doors/health.ts';
import { inferenceDoor } from '../doors/inference.ts';
import { type ModelsParts, modelsDoor } from '../doors/models.ts';
import { GatewayError } from '../errors.ts';
import { type AnswerHeader, tunnelClient } from './tunnel-clients.ts';

export interface TunnelServerParts {
  pipeline: ModelsParts;
  /** An instance on which only what holds for every door is set. */
  newInstance: () => FastifyInstance;
  instance: string;
}

/**
 * What stands behind the tunnel: an instance of its own with the inference routes and nothing else. Keys enter that
 * the owner allowed for it; addresses are what the tunnel's own server says.
 */
export async function buildTunnelServer(
  { pipeline, newInstance, instance }: TunnelServerParts,
  header: AnswerHeader,
): Promise<FastifyInstance> {
  const app = newInstance();
  // No body is read but by the inference door.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null, undefined));
  const parts: ModelsParts = {
    ...pipeline,
    clients: { of: (request) => tunnelClient(request, header) },
    refuseKey: refuseOthers,
  };
  // So that one can tell that the public address leads here.
  app.addHook('onRequest', async (request, reply) => {
    reply.raw.setHeader(INSTANCE_HEADER, instance);
    tunnelClient(request.raw, header);
  });
  await app.register((door) => inferenceDoor(door, parts));
  await app.register((door) => modelsDoor(door, parts));
  await app.ready();
  return app;
}

function refuseOthers({ prefix, tunnel }: ApiKey): void {
  if (tunnel) return;
  throw new GatewayError(
    'route_not_allowed',
    `The key ${prefix}… may not come through the tunnel. Its owner allows keys for it in the panel, or by \`ntl tunnel allow\`.`,
  );
}
