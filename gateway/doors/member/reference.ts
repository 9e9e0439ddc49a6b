import helmet from '@fastify/helmet';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { isInProcess, refuseRemote } from '../admin/local-request.ts';
import { PAGE_POLICY } from '../page-policy.ts';
import { NAME_MARK, TAB_MARK } from './mark.ts';

const PREFIX = '/docs';
const SVG = 'image/svg+xml';

/** What both APIs take and give, to browse under /docs, on this computer alone. It is a page without data. */
export async function referenceDoor(app: FastifyInstance, ownersApi: () => object): Promise<void> {
  app.addHook('onRequest', async ({ raw }) => {
    if (!isInProcess(raw)) refuseRemote(raw);
  });
  await app.register(helmet, PAGE_POLICY);
  app.get(`${PREFIX}/admin.json`, { schema: { hide: true } }, async () => ownersApi());
  await app.register(swaggerUi, {
    routePrefix: PREFIX,
    logo: { type: SVG, content: NAME_MARK, href: PREFIX, target: '_self' },
    theme: {
      title: 'API of NoTokenLimit Desktop',
      favicon: [{ filename: 'mark.svg', rel: 'icon', sizes: 'any', type: SVG, content: TAB_MARK }],
    },
    uiConfig: {
      urls: [
        { name: 'With a local key', url: `${PREFIX}/json` },
        { name: "The owner's API", url: `${PREFIX}/admin.json` },
      ],
      docExpansion: 'list',
      defaultModelsExpandDepth: -1,
      persistAuthorization: false,
    },
  });
}
