import type { ResolvedModel } from '../catalogue/models.ts';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import type { AnswerContext } from '../protocols/canonical/codec.ts';
import { Dropped } from '../protocols/canonical/dropped.ts';
import { prepare } from '../protocols/canonical/prepare.ts';
import type { Target } from '../protocols/canonical/target.ts';
import { type HubProtocol, isHubProtocol } from '../protocols/codecs.ts';
import { decodeBody } from '../protocols/dialect.ts';
import { ENDPOINTS } from '../protocols/endpoint.ts';
import type { InferenceBody } from '../protocols/inference-body.ts';
import { parseObject } from '../protocols/json.ts';
import {
  type AnswerTranslation,
  answerTranslation,
  type HttpTranslation,
  translate,
} from '../protocols/translation.ts';
import type { NativeKind } from '../providers/native/kinds.ts';
import { type NativeCall, nativeCall } from '../providers/native/native-call.ts';
import type { IncomingCall } from './call.ts';
import { type HttpWay, type NativeWay, type Route, type RouteParts, routesFor } from './route.ts';

/** Where a request may go, and in which words. */
export interface Plan {
  /** In the order they are tried. */
  routes: readonly Route[];
  translations: Translations;
  /** No provider can be asked at all: told once the request is admitted, as a failure of the provider. */
  failure: GatewayError | null;
}

/**
 * Chooses the targets, and puts the request into the words of the first, so that one which nobody can be asked
 * is refused before it is counted.
 * @throws GatewayError `invalid_request`, `invalid_messages`
 */
export function planCall(
  parts: RouteParts & { clock: Clock },
  incoming: IncomingCall,
  body: InferenceBody,
  model: ResolvedModel,
): Plan {
  const translations = new Translations(incoming, body, parts.clock);
  try {
    const asked = { plain: body.dialect === 'own', bareTools: hasBareTools(body) };
    const routes = routesFor(parts, model.served, incoming.endpoint, asked);
    return { routes: fitting(routes, translations), translations, failure: null };
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code !== 'upstream_error') throw error;
    return { routes: [], translations, failure: error };
  }
}

/** Google's name for what it puts on a call in chat (https://ai.google.dev/gemini-api/docs/thought-signatures). */
const ON_CALLS = '"extra_content"';

function hasBareTools({ json, bytes }: InferenceBody): boolean {
  return Array.isArray(json.tools) && json.tools.length > 0 && !bytes.includes(ON_CALLS);
}

/** Leaves out the first routes as long as they cannot be asked; the later ones are tried when it comes to them. */
function fitting(routes: readonly Route[], translations: Translations): readonly Route[] {
  let refusal: unknown;
  for (const [index, route] of routes.entries()) {
    try {
      translations.prepare(route);
      return routes.slice(index);
    } catch (error) {
      refusal ??= error;
    }
  }
  if (refusal !== undefined) throw refusal;
  return routes;
}

/** For a provider that the AI SDK speaks to. */
export interface NativeTranslation {
  call: NativeCall;
  /** Told more by the SDK once it is called. */
  dropped: Dropped;
  answer: AnswerTranslation;
}

/** A request's translations: each made when it is first asked for. */
export class Translations {
  readonly #incoming: IncomingCall;
  readonly #context: () => AnswerContext;
  readonly #overHttp = new Map<Route, HttpTranslation>();
  readonly #native = new Map<Route, NativeTranslation>();

  constructor(incoming: IncomingCall, body: InferenceBody, clock: Clock) {
    this.#incoming = incoming;
    const at = clock.wall();
    let context: AnswerContext | undefined;
    this.#context = () => {
      context ??= contextOf(incoming, body, at);
      return context;
    };
  }

  /** @throws GatewayError `invalid_request`, `invalid_messages` where the route's target cannot be asked */
  prepare(route: Route): void {
    if (route.into?.protocol === 'native') this.native(route, route.into);
    else if (route.into !== null) this.overHttp(route, route.into);
  }

  /** @throws GatewayError `invalid_request`, `invalid_messages` */
  overHttp(route: Route, { protocol, target }: HttpWay): HttpTranslation {
    const known = this.#overHttp.get(route);
    if (known !== undefined) return known;
    const made = notTooDeep(() => translate(this.#caller(), protocol, target, this.#context()));
    this.#overHttp.set(route, made);
    return made;
  }

  /** @throws GatewayError `invalid_request`, `invalid_messages` */
  native(route: Route, { kind, target }: NativeWay): NativeTranslation {
    const known = this.#native.get(route);
    if (known !== undefined) return known;
    const made = notTooDeep(() => this.#translateNatively(kind, target));
    this.#native.set(route, made);
    return made;
  }

  /** For an answer in the caller's protocol that did not come as a stream although one was asked for. */
  ownAnswer(): AnswerTranslation {
    return answerTranslation(this.#caller(), this.#context(), new Map());
  }

  #translateNatively(kind: NativeKind, target: Target): NativeTranslation {
    const dropped = new Dropped();
    const context = this.#context();
    const { request, origins } = prepare(context.request, 'native', target, dropped);
    const call = nativeCall(kind, request, target, dropped);
    return { call, dropped, answer: answerTranslation(this.#caller(), context, origins) };
  }

  #caller(): HubProtocol {
    const { protocol } = ENDPOINTS[this.#incoming.endpoint];
    if (!isHubProtocol(protocol)) throw new TypeError(`${protocol} is not translated`);
    return protocol;
  }
}

/** JSON may be nested as deep as it is long, and then ends the stack. */
function notTooDeep<Result>(translateIt: () => Result): Result {
  try {
    return translateIt();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new GatewayError('invalid_request', 'The body is nested too deep to be translated for this model.');
  }
}

function contextOf(incoming: IncomingCall, body: InferenceBody, at: number): AnswerContext {
  const { endpoint, requestId } = incoming;
  // Parsed anew: numbers must keep the digits that a double would lose.
  const json = parseObject(body.bytes.toString('utf8')) ?? body.json;
  return { requestId, model: body.model, at, request: decodeBody(endpoint, body.dialect, json) };
}
