import type { FastifyInstance } from 'fastify';

/** GET /healthz, without a key: whether requests are taken. While the gateway drains, every route answers 503. */
export async function healthDoor(app: FastifyInstance): Promise<void> {
  app.get('/healthz', async () => ({ status: 'ok' }));
}
