import type { FastifyInstance } from 'fastify';

/** Says which process answers, so that one can tell whether an address leads to it. */
export const INSTANCE_HEADER = 'x-ntl-instance';

/** GET /healthz, without a key: whether requests are taken. While the gateway drains, every route answers 503. */
export async function healthDoor(app: FastifyInstance, instance: string): Promise<void> {
  app.get('/healthz', async (_request, reply) => {
    reply.header(INSTANCE_HEADER, instance);
    return { status: 'ok' };
  });
}
