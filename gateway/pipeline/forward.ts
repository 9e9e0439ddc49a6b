import { tryInTurn } from './attempts.ts';
import { serveNative } from './native.ts';
import { servePassThrough } from './pass-through.ts';
import type { Route } from './route.ts';
import { type AnswerEnd, EndpointMissing, type Serving } from './serving.ts';
import { serveTranslated } from './translated.ts';

/**
 * Sends the request to one target after the other until one serves, and relays a stream as it comes.
 * @returns what must still go out
 * @throws GatewayError, BrokenOff
 */
export async function forwardCall(serving: Serving): Promise<AnswerEnd> {
  const { parts, call, delivery, report } = serving;
  let end: AnswerEnd | undefined;
  await tryInTurn(
    call.plan.routes,
    parts,
    report,
    () => !delivery.begun,
    async (route) => {
      end = await serveBy(serving, route);
    },
  );
  return end as AnswerEnd;
}

async function serveBy(serving: Serving, route: Route): Promise<AnswerEnd> {
  serving.report.last = route;
  try {
    return await serveOneWay(serving, route);
  } catch (error) {
    if (!(error instanceof EndpointMissing) || route.otherwise === null) throw error;
  }
  serving.report.made++;
  const end = await serveBy(serving, route.otherwise);
  if (serving.metered.status < 300) serving.parts.onLacking(route);
  return end;
}

function serveOneWay(serving: Serving, route: Route): Promise<AnswerEnd> {
  const { into } = route;
  if (into === null) return servePassThrough(serving, route);
  return into.protocol === 'native'
    ? serveNative(serving, route, into)
    : serveTranslated(serving, route, into);
}
