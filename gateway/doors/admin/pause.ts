import * as contract from './contract.ts';
import { noteChange } from './owner-change.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { answers } from './schemas.ts';

export function pauseRoutes(app: AdminApp, parts: AdminParts): void {
  const routes = [
    ['/pause', 'Refuses inference until it is resumed or started again; running streams go on', true],
    ['/resume', 'Serves inference again', false],
  ] as const;
  for (const [path, summary, paused] of routes) {
    app.post(path, { schema: { summary, response: answers(contract.Paused) } }, async (request) => {
      if (parts.pause.set(paused)) {
        noteChange(parts, request, {
          ...{ action: paused ? 'gateway.pause' : 'gateway.resume', subject: 'gateway' },
          ...{ before: { paused: !paused }, after: { paused } },
        });
      }
      return { paused };
    });
  }
}
