import { realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import staticFiles from '@fastify/static';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isInProcess, refuseRemote } from './admin/local-request.ts';

/** The built control panel under /panel/. It is a page without data: what it shows it asks of /admin/api. This computer alone gets it, and others by what the owner allows. */
export async function panelDoor(
  app: FastifyInstance,
  panelDir: string | null,
  ownerFromNetwork: (request: FastifyRequest['raw']) => boolean,
): Promise<void> {
  app.addHook('onRequest', async ({ raw }) => {
    if (!isInProcess(raw) && !ownerFromNetwork(raw)) refuseRemote(raw);
  });
  app.get('/', (_request, reply) => reply.redirect('/panel/'));
  if (panelDir === null) {
    app.get('/panel/', (_request, reply) =>
      reply
        .type('text/plain; charset=utf-8')
        .send('The panel is not built. Run `npm run build` and start again.\n'),
    );
    return;
  }
  // The plugin's own index route is not found where trailing slashes are ignored.
  app.get('/panel/', (_request, reply) => reply.sendFile('index.html'));
  await app.register(staticFiles, {
    ...{ root: panelDir, prefix: '/panel/', index: false, dotfiles: 'deny' },
    allowedPath: (path) => isWithin(panelDir, path),
  });
}

/** Whether the file lies in the folder, and is no link out of it. */
function isWithin(folder: string, path: string): boolean {
  try {
    return realpathSync(join(folder, path)).startsWith(realpathSync(folder) + sep);
  } catch {
    return false;
  }
}
