import { RefusedInStream, tryInTurn } from './attempts.ts';
import { serveNative } from './native.ts';
import { servePassThrough } from './pass-through.ts';
import type { Route } from './route.ts';
import { type AnswerEnd, EndpointMissing, type Serving } from './serving.ts';
import { asJson, errorBody, serveTranslated } from './translated.ts';

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

async function serveOneWay(serving: Serving, route: Route): Promise<AnswerEnd> {
  const { into } = route;
  try {
    if (into === null) return await servePassThrough(serving, route);
    if (into.protocol === 'native') return await serveNative(serving, route, into);
    return await serveTranslated(serving, route, into);
  } catch (error) {
    if (!(error instanceof RefusedInStream)) throw error;
    serving.metered.status = REFUSED;
    return {
      kind: 'whole',
      status: REFUSED,
      headers: asJson({}),
      body: errorBody(serving.call, error.error),
    };
  }
}

/** As the provider would have answered had it looked at the request before its status. */
const REFUSED = 400;
