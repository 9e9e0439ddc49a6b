import type { FastifyInstance } from 'fastify';

/** First parts of the paths behind it. */
const PATHS = [
  ...['/admin', '/panel', '/tenant', '/openapi', '/pricing', '/billing', '/docs'],
  ...['/ca', '/ca.crt', '/ca.pem', '/ca.cer', '/ca.der'],
  ...['/join', '/me', '/people'],
];

/**
 * The way to what people ask of the gateway: the panel, the admin and the members' API. It is an instance of its own,
 * made when it is first asked for: its schemas and its routes take a quarter of the start and of the memory of a
 * gateway whose owner may not open the panel for days.
 */
export async function controlPlaneDoor(
  app: FastifyInstance,
  build: () => Promise<FastifyInstance>,
): Promise<void> {
  let built: Promise<FastifyInstance> | undefined;

  async function controlPlane(): Promise<FastifyInstance> {
    built ??= ready(build);
    try {
      return await built;
    } catch (error) {
      built = undefined;
      throw error;
    }
  }

  // The instance behind it reads bodies.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null, undefined));
  app.addHook('preClose', async () => {
    const inner = await built?.catch(() => undefined);
    await inner?.close();
  });
  for (const url of ['/', ...PATHS, ...PATHS.map((path) => `${path}/*`)]) {
    app.all(url, { config: { network: 'inner' } }, async (request, reply) => {
      const inner = await controlPlane();
      reply.hijack();
      inner.routing(request.raw, reply.raw);
    });
  }
}

async function ready(build: () => Promise<FastifyInstance>): Promise<FastifyInstance> {
  const app = await build();
  await app.ready();
  return app;
}
