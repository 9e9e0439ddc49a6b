import { isUsable } from '../../accounts/keys.ts';
import { TunnelError } from '../../tunnel/tunnel.ts';
import * as contract from './contract.ts';
import { conflict } from './errors.ts';
import { noteChange } from './owner-change.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { answers } from './schemas.ts';
import { isoTimeOrNull } from './values.ts';

const DEFAULT_HOURS = 8;

/** The public tunnel to the inference routes, for tools whose servers make the calls. */
export function tunnelRoutes(app: AdminApp, parts: AdminParts): void {
  const { keys, clock } = parts;
  const { tunnel } = parts.system;

  async function current(): Promise<contract.Tunnel> {
    const { startedAt, endsAt, ...status } = tunnel.status;
    const tools = await tunnel.tools();
    return {
      ...status,
      startedAt: isoTimeOrNull(startedAt),
      endsAt: isoTimeOrNull(endsAt),
      keyIds: keys
        .list()
        .filter((key) => key.tunnel && isUsable(key, clock.wall()))
        .map(({ id }) => String(id)),
      tools: tools.map(({ id, label, program }) => ({ id, label, installed: program !== null })),
    };
  }

  app.get(
    '/tunnel',
    {
      schema: {
        summary: 'The public tunnel: whether it is open, where, until when, and which tools there are for it',
        response: answers(contract.Tunnel),
      },
    },
    current,
  );

  app.post(
    '/tunnel',
    {
      schema: {
        summary: 'Opens a public tunnel to the inference routes, for the keys that are allowed for it',
        body: contract.NewTunnel,
        response: answers(contract.Tunnel, 201),
      },
    },
    async (request, reply) => {
      const { tool = null, hours = DEFAULT_HOURS } = request.body;
      await tunnel.start(tool, hours).catch((error) => {
        throw error instanceof TunnelError ? conflict(error.message) : error;
      });
      const after = await current();
      const noted = { tool: after.tool, endsAt: after.endsAt };
      noteChange(parts, request, { action: 'tunnel.open', subject: 'tunnel', after: noted });
      return reply.status(201).send(after);
    },
  );

  app.delete(
    '/tunnel',
    { schema: { summary: 'Closes the tunnel', response: answers(contract.Tunnel) } },
    async (request) => {
      const before = tunnel.status;
      await tunnel.stop();
      if (before.state !== 'off') {
        const noted = { tool: before.tool, endsAt: isoTimeOrNull(before.endsAt) };
        noteChange(parts, request, { action: 'tunnel.close', subject: 'tunnel', before: noted });
      }
      return current();
    },
  );
}
