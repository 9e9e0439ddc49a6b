import { join } from 'node:path';
import helmet from '@fastify/helmet';
import staticFiles from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { PAGE_POLICY } from '../page-policy.ts';

const NOT_BUILT = 'The pages are not built. Run `npm run build` and start again.\n';

/** A page of the colleagues', as it was built. Nothing of anybody is in it: what it shows it asks for. */
export type SendPage = (reply: FastifyReply, status?: number) => FastifyReply;

/**
 * What the pages /join and /me load, under /people/, for whoever reaches the gateway. The panel itself is not there.
 * @returns the two pages; a sentence stands in their place where they were not built
 */
export async function peopleFiles(
  app: FastifyInstance,
  panelDir: string | null,
): Promise<Record<'join' | 'me', SendPage>> {
  await app.register(helmet, PAGE_POLICY);
  if (panelDir === null) {
    const say: SendPage = (reply) => reply.type('text/plain; charset=utf-8').send(NOT_BUILT);
    return { join: say, me: say };
  }
  await app.register(staticFiles, {
    ...{ root: join(panelDir, 'assets'), prefix: '/people/assets/', index: false, dotfiles: 'deny' },
  });
  app.get('/people/icon.svg', (_request, reply) => reply.sendFile('icon.svg', panelDir));
  const page =
    (file: string): SendPage =>
    (reply, status = 200) =>
      reply
        .status(status)
        .header('cache-control', 'no-cache')
        .sendFile(file, panelDir, { cacheControl: false });
  return { join: page('join.html'), me: page('me.html') };
}
