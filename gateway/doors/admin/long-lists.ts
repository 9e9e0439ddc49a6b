import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { z } from 'zod';

/** Rows checked and written in one go: about a millisecond of the gateway's thread. */
const PIECE_ROWS = 100;

type Handler = (request: FastifyRequest, reply: FastifyReply) => unknown;

interface LongList {
  data: readonly unknown[];
}

/**
 * Has every route that answers a list send long ones in pieces, and lets other work pass in between: ten thousand
 * rows, checked and written at once, would hold the gateway for half a second. To be called ahead of the routes.
 */
export function sendLongListsInPieces(app: {
  addHook(name: 'onRoute', hook: (route: RouteOptions) => void): unknown;
}): void {
  app.addHook('onRoute', (route) => {
    const answer = (route.schema?.response as Record<number, unknown> | undefined)?.[200];
    if (!(answer instanceof z.ZodObject)) return;
    const { data, ...others } = answer.shape;
    if (!(data instanceof z.ZodArray)) return;
    const handler = route.handler as Handler;
    const rest = z.object(others);
    route.handler = async function inPieces(this: unknown, request: FastifyRequest, reply: FastifyReply) {
      const answered = await handler.call(this, request, reply);
      if (!isLong(answered)) return answered;
      reply.type('application/json; charset=utf-8');
      return reply.send(Readable.from(pieces(answered, data, rest), { objectMode: false }));
    } as RouteOptions['handler'];
  });
}

function isLong(answered: unknown): answered is LongList {
  const data = (answered as Partial<LongList> | undefined)?.data;
  return Array.isArray(data) && data.length > PIECE_ROWS;
}

async function* pieces(
  { data, ...others }: LongList,
  rows: z.ZodType,
  rest: z.ZodType,
): AsyncGenerator<string, void, undefined> {
  const end = JSON.stringify(z.encode(rest, others as never)).slice(1);
  for (let at = 0; at < data.length; at += PIECE_ROWS) {
    const piece = JSON.stringify(z.encode(rows, data.slice(at, at + PIECE_ROWS) as never)).slice(1, -1);
    yield at === 0 ? `{"data":[${piece}` : `,${piece}`;
    await nextTurn();
  }
  yield end === '}' ? ']}' : `],${end}`;
}
