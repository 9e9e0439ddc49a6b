import staticFiles from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** The built control panel under /panel/. It is a page without data: what it shows it asks of /admin/api. */
export async function panelDoor(app: FastifyInstance, panelDir: string | null): Promise<void> {
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
  await app.register(staticFiles, { root: panelDir, prefix: '/panel/', index: false, dotfiles: 'deny' });
}
