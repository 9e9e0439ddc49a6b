import { z } from 'zod';
import { diagnosticsReport } from './diagnostics-report.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { answers } from './schemas.ts';
import { isoTime } from './values.ts';

export function diagnosticsRoutes(app: AdminApp, parts: AdminParts): void {
  const report = diagnosticsReport(parts);

  app.get(
    '/diagnostics',
    {
      schema: {
        summary: 'A file for whoever helps: how the gateway is, without secrets, names or addresses',
        response: answers(z.string().describe('application/json')),
      },
    },
    async (_request, reply) => {
      const day = isoTime(parts.clock.wall()).slice(0, 10);
      return reply
        .type('application/json; charset=utf-8')
        .header('content-disposition', `attachment; filename="notokenlimit-diagnostics-${day}.json"`)
        .send(await report());
    },
  );
}
