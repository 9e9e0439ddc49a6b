import { PassThrough } from 'node:stream';
import { z } from 'zod';
import type { LiveEvent } from '../../audit/events.ts';
import type { AlertParts } from './alert-answers.ts';
import { alertAnswer } from './alerts.ts';
import { changeAnswer } from './changes.ts';
import type { EventData } from './contract.ts';
import { conflict } from './errors.ts';
import { actorOf } from './guard.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { answers } from './schemas.ts';
import { sessionCookie } from './session-cookie.ts';
import { idTextOrNull, isoTime, isoTimeOrNull } from './values.ts';

/** A comment this often keeps proxies and sleeping tabs from taking the stream for dead. */
const KEEP_ALIVE_MS = 15_000;
/** How long a browser waits before it connects again. */
const RETRY_MS = 3_000;
/** A reader that lags this far behind is let go; it connects again and reads the lists anew. */
const MOST_WAITING_BYTES = 1024 * 1024;

/** GET /events: what happens, as server-sent events. `keepAliveMs` is for tests. */
export function eventRoutes(
  app: AdminApp,
  parts: AlertParts & Pick<AdminParts, 'sessions' | 'events'>,
  keepAliveMs = KEEP_ALIVE_MS,
): void {
  const { events, sessions } = parts;
  const open = new Set<PassThrough>();
  // A stream never ends by itself: without this, closing the gateway would wait for it.
  app.addHook('preClose', async () => {
    for (const stream of open) stream.end();
  });

  app.get(
    '/events',
    {
      schema: {
        summary:
          'What happens, live, as server-sent events: request, skipped, progress, alert, change, provider, state',
        response: answers(z.string().describe('text/event-stream')),
      },
    },
    async (request, reply) => {
      const stream = new PassThrough();
      const session = actorOf(request.raw) === 'browser' ? sessionCookie(request.raw) : null;
      // Whoever was signed out meanwhile hears nothing more. Watching is not using: an idle browser is signed out.
      const tell = (text: string) => {
        if (session !== null && sessions.find(session) === undefined) stream.end();
        else send(stream, text);
      };
      const unsubscribe = events.subscribe((event) => tell(eventText(parts, event)));
      if (unsubscribe === null) throw conflict('Too many live views are open. Close one and try again.');
      const timer = setInterval(() => tell(': keep-alive\n\n'), keepAliveMs);
      open.add(stream);
      stream.once('close', () => {
        unsubscribe();
        clearInterval(timer);
        open.delete(stream);
      });
      stream.write(`retry: ${RETRY_MS}\n\n`);
      return reply
        .type('text/event-stream; charset=utf-8')
        .headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
        .send(stream as never);
    },
  );
}

function send(stream: PassThrough, text: string): void {
  if (stream.writableLength > MOST_WAITING_BYTES) stream.destroy();
  else if (!stream.writableEnded && !stream.destroyed) stream.write(text);
}

function eventText(parts: AlertParts, event: LiveEvent): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(dataOf(parts, event))}\n\n`;
}

function dataOf(parts: AlertParts, event: LiveEvent): EventData[keyof EventData] {
  switch (event.type) {
    case 'alert':
      return alertAnswer(parts, event.data);
    case 'change':
      return changeAnswer(event.data);
    case 'provider': {
      const { providerId, openUntil } = event.data;
      return { ...event.data, providerId: String(providerId), openUntil: isoTimeOrNull(openUntil) };
    }
    case 'progress': {
      const { id, at, memberId, keyId, providerId } = event.data;
      const ids = { memberId: idTextOrNull(memberId), keyId: idTextOrNull(keyId) };
      return {
        ...event.data,
        ...ids,
        id: String(id),
        at: isoTime(at),
        providerId: idTextOrNull(providerId),
      };
    }
    default:
      return event.data;
  }
}
