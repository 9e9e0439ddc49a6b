import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import { authorityDoor } from './doors/authority.ts';
import { memberApiDoor } from './doors/member/member-api.ts';
import { PAGE_POLICY } from './doors/page-policy.ts';
import { panelDoor } from './doors/panel.ts';
import { paymentsDoor } from './doors/payments.ts';
import { peopleDoor } from './doors/people/people.ts';
import type { PipelineParts } from './pipeline/pipeline.ts';
import type { ServerOptions } from './server.ts';

/** What people ask of the gateway, in distinction to the inference requests of their tools, a `register` for each door. */
export async function registerControlPlane(
  app: FastifyInstance,
  options: ServerOptions,
  pipeline: PipelineParts,
): Promise<void> {
  const { parts, version, panelDir } = options;
  let ownersApi = (): object => ({});
  await app.register(async (admin) => {
    await admin.register(helmet, PAGE_POLICY);
    ownersApi = await options.registerAdmin(admin, pipeline);
    await admin.register((panel) => panelDoor(panel, panelDir, options.ownerFromNetwork));
  });
  await app.register((door) => authorityDoor(door, options.sharing));
  await app.register((door) => paymentsDoor(door, parts));
  await app.register((door) => peopleDoor(door, parts, panelDir, options.sharing));
  await app.register((door) => memberApiDoor(door, { ...parts, version }, () => ownersApi()));
}
