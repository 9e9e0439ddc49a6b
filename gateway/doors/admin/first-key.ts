import * as contract from './contract.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { answers, NoContent } from './schemas.ts';

export function firstKeyRoutes(app: AdminApp, { system }: AdminParts): void {
  app.get(
    '/first-key',
    {
      schema: {
        summary: 'The key of the very first start, until it is dismissed or the gateway ends',
        response: answers(contract.FirstKey),
      },
    },
    async () => system.firstKey.get() ?? { key: null, prefix: null },
  );

  app.delete(
    '/first-key',
    {
      schema: {
        summary: 'Forgets the plaintext of the first key; the key goes on working',
        response: answers(NoContent, 204),
      },
    },
    async (_request, reply) => {
      system.firstKey.dismiss();
      return reply.status(204).send();
    },
  );
}
