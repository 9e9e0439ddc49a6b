import type { FastifyInstance } from 'fastify';

/** What the gateway's doors see as `req.raw.socket.remoteAddress`; no network connection can have it. */
export const REMOTE_ADDRESS = 'in-process';

/**
 * Asks a route of the admin API, such as `/status`, as the window does.
 * @throws an error that names the route and the status where it refuses
 */
export async function askGateway<Answer>(
  app: FastifyInstance,
  path: string,
  method: 'GET' | 'POST' = 'GET',
  body?: object,
): Promise<Answer> {
  const answer = await app.inject({
    ...{ method, url: `/admin/api${path}`, remoteAddress: REMOTE_ADDRESS },
    ...(body === undefined ? {} : { payload: body }),
  });
  if (answer.statusCode >= 400) throw new Error(`${method} ${path} answered ${answer.statusCode}`);
  return answer.json();
}
