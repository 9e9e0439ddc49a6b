import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isInProcess, refuseElsewhere, refuseRemote } from './admin/local-request.ts';
import { INFERENCE_URLS } from './inference-paths.ts';
import { OLLAMA_URLS } from './ollama/paths.ts';

/**
 * Who may call a route from another computer. `anyone`: without a key. `key`: whoever brings a local key. `owner`:
 * nobody, unless the owner has the panel on the network; then whoever is signed in as the owner.
 */
export type NetworkCaller = 'anyone' | 'key' | 'owner' | 'nobody';

/**
 * The one table of what answers beyond this computer, by the routes as Fastify has them; `/*` at the end stands for
 * all below. What is not here is `nobody`'s, so a new route is not on the network until somebody writes it down.
 */
const NETWORK: readonly (readonly [caller: NetworkCaller, routes: readonly string[]])[] = [
  ['anyone', ['/healthz', '/pricing', '/pricing/tokens']],
  // Certificates are public; what is to be compared is their fingerprint.
  ['anyone', ['/ca', '/ca.crt', '/ca.pem', '/ca.cer', '/ca.der']],
  // Stripe signs what it sends, payers come with the number of their payment.
  ['anyone', ['/billing/*']],
  // Strangers ask to join, where the owner lets them; a colleague's page is empty until a key was shown to it.
  ['anyone', ['/join', '/join/*', '/me', '/me/session', '/people/*']],
  ['key', ['/me/api/*']],
  ['key', ['/tenant/*', '/openapi/v1/user/quota/list']],
  ['key', INFERENCE_URLS],
  ['owner', ['/', '/panel/*', '/admin/api/*']],
  // For programs and people on this computer.
  ['nobody', ['/metrics', '/panel/signin', '/docs', '/docs/*']],
  ['nobody', OLLAMA_URLS],
];

const EXACT = new Map(NETWORK.flatMap(([caller, routes]) => routes.map((route) => [route, caller] as const)));
const BELOW = NETWORK.flatMap(([caller, routes]) =>
  routes.filter((route) => route.endsWith('/*')).map((route) => [route.slice(0, -1), caller] as const),
);

/** @param url a route as it was registered, such as `/v1/models/*` */
export function networkCaller(url: string): NetworkCaller {
  const exact = EXACT.get(url);
  if (exact !== undefined) return exact;
  return BELOW.find(([above]) => url.startsWith(above))?.[1] ?? 'nobody';
}

/** Whether the table names the route: a test asks it of each that there is. */
export function isInTable(url: string): boolean {
  return EXACT.has(url) || BELOW.some(([above]) => url.startsWith(above));
}

export interface Route {
  method: string;
  url: string;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** `inner`: the instance behind it decides, by the same table. */
    network?: NetworkCaller | 'inner';
    /** This computer may be asked by another name as well: the route looks at that itself. */
    anyHost?: boolean;
  }
  interface FastifyInstance {
    /** Every route there is, such as `GET /healthz`. */
    allRoutes: readonly Route[];
  }
}

/**
 * Holds every route to the table, in front of whatever else guards it.
 * @param routes is told every route
 * @param ownerFromNetwork whether the owner may come from other computers, by such a request
 */
export function guardReach(
  app: FastifyInstance,
  routes: Route[],
  ownerFromNetwork: (request: FastifyRequest['raw']) => boolean,
): void {
  app.addHook('onRoute', (route) => {
    if (route.config?.network === 'inner') return;
    route.config = { ...route.config, network: networkCaller(route.url) };
    for (const method of [route.method].flat()) routes.push({ method, url: route.url });
  });
  app.addHook('onRequest', (request, _reply, done) => {
    const { url, config } = request.routeOptions;
    // What is no route says so to everybody.
    if (url === undefined || OPEN.has(config.network ?? 'nobody')) return done();
    const { raw } = request;
    if (isInProcess(raw) || (config.network === 'owner' && ownerFromNetwork(raw))) return done();
    try {
      if (config.anyHost === true) refuseElsewhere(raw);
      else refuseRemote(raw);
      done();
    } catch (error) {
      done(error as Error);
    }
  });
}

/** Others may call these; `inner` asks again. */
const OPEN = new Set<string>(['anyone', 'key', 'inner']);
