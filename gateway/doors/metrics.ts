import type { FastifyInstance } from 'fastify';
import type { Settings } from '../catalogue/settings.ts';
import { GatewayError } from '../errors.ts';
import type { Metrics } from './prometheus.ts';

/** GET /metrics, without a key; it is not there until the owner turns it on. */
export async function metricsDoor(
  app: FastifyInstance,
  metrics: () => Promise<Metrics>,
  settings: Settings,
): Promise<void> {
  app.get('/metrics', async (request, reply) => {
    if (!settings.get('metrics')) {
      throw new GatewayError(
        'not_found',
        `There is no route ${request.method} /metrics; the owner can turn it on.`,
      );
    }
    const { registry } = await metrics();
    // A plain text would be run by another site's page that loads it as a script: that it runs tells that it is there.
    reply.header('x-content-type-options', 'nosniff');
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}
