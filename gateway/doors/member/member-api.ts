import type { FastifyInstance } from 'fastify';
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { validatorCompiler } from '../admin/errors.ts';
import { readJsonBodies } from '../json-body.ts';
import { pricingRoutes } from '../pricing.ts';
import { identifyCaller } from './caller.ts';
import { KEYED_ROUTES } from './keyed-routes.ts';
import { collectOpenApi } from './openapi.ts';
import { withoutEmpty } from './pages.ts';
import type { MemberApp, MemberParts } from './parts.ts';
import { referenceDoor } from './reference.ts';

/**
 * What members may ask about themselves, and the prices that everybody may see; with its description under /docs.
 * @param ownersApi the OpenAPI description of the admin API
 */
export async function memberApiDoor(
  plain: FastifyInstance,
  parts: MemberParts & { version: string },
  ownersApi: () => object,
): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  readJsonBodies(app, 'any');
  await collectOpenApi(app, parts.version);
  await app.register(async (door) => pricingRoutes(answering(door), parts));
  await app.register(async (door) => {
    const keyed = answering(door);
    keyed.addHook('onRequest', identifyCaller(parts));
    for (const register of KEYED_ROUTES) register(keyed, parts);
  });
  await app.register((door) => referenceDoor(door, ownersApi));
}

/** What holds for every answer, refusals included. */
function answering(plain: FastifyInstance): MemberApp {
  const app = plain.withTypeProvider<ZodTypeProvider>();
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });
  app.addHook('preValidation', async (request) => {
    request.query = withoutEmpty(request.query);
  });
  return app;
}
