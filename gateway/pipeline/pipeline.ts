import type { ProgressEvent } from '../audit/events.ts';
import type { ProviderWatch } from '../audit/provider-watch.ts';
import type { RequestLog } from '../audit/request-log.ts';
import { publicFacts } from '../catalogue/model-facts.ts';
import type { Models } from '../catalogue/models.ts';
import type { Presets } from '../catalogue/presets.ts';
import type { Settings } from '../catalogue/settings.ts';
import { GatewayError } from '../errors.ts';
import { ENDPOINTS } from '../protocols/endpoint.ts';
import { type InferenceBody, readInferenceBody } from '../protocols/inference-body.ts';
import { asUnavailable, StoreUnavailable } from '../store/store-errors.ts';
import { type AdmitParts, type Admitted, admitCall } from './admit.ts';
import { applyPreset } from './apply-preset.ts';
import type { AttemptsReport } from './attempts.ts';
import { authorizeModel, authorizeRoute } from './authorize.ts';
import type { BodyRoom, BodySeat } from './body-room.ts';
import type { AuthorizedCall, Caller, ClientConnection, IncomingCall, RewrittenBody } from './call.ts';
import { estimatedCount } from './count-tokens.ts';
import { Delivery } from './delivery.ts';
import { forwardCall } from './forward.ts';
import { type IdentifyParts, identify, identifyInside } from './identify.ts';
import { type Metered, unmetered } from './metered.ts';
import type { Pause } from './pause.ts';
import { planCall } from './plan.ts';
import { progressOf } from './progress.ts';
import { readBody } from './read-body.ts';
import { BrokenOff } from './relay-stream.ts';
import { RequestRecord } from './request-record.ts';
import type { Route, RouteParts } from './route.ts';
import type { RunningCalls } from './running-calls.ts';
import type { AnswerEnd, ForwardParts, Serving } from './serving.ts';
import { type Ending, settleCall } from './settle.ts';
import { tellCharge } from './tell-charge.ts';

export interface PipelineParts extends IdentifyParts, AdmitParts, RouteParts {
  models: Models;
  settings: Settings;
  presets: Presets;
  watch: ProviderWatch;
  log: RequestLog;
  calls: RunningCalls;
  pause: Pause;
  bodyRoom: BodyRoom;
  /** Silence towards a streaming client that is bridged, ms. */
  keepAliveMs: number;
  /** Longest that a body may take to arrive, ms. */
  bodyMs: number;
  /** Told of every audit row once it is final. */
  onRow(row: number): void;
  /** Told of a request that was admitted, and once more when its answer begins. */
  onProgress(row: number, progress: () => ProgressEvent): void;
}

/**
 * Runs an inference request through its stages: identify, authorize, admit, route, forward, settle.
 * Every way out writes the audit row; `headers` gathers what every answer carries.
 * @throws GatewayError for the door to answer with, where nothing has gone out to the client
 */
export async function runCall(
  parts: PipelineParts,
  incoming: IncomingCall,
  client: ClientConnection,
  headers: Record<string, string>,
): Promise<void> {
  const record = new RequestRecord(incoming, parts.clock);
  const seat = parts.bodyRoom.seat();
  try {
    await run(parts, incoming, record, client, seat, headers);
  } finally {
    seat.leave();
  }
}

async function run(
  parts: PipelineParts,
  incoming: IncomingCall,
  record: RequestRecord,
  client: ClientConnection,
  seat: BodySeat,
  headers: Record<string, string>,
): Promise<void> {
  let call: AuthorizedCall | null;
  let admitted: Admitted;
  try {
    call = await authorize(parts, incoming, record, client, seat, headers);
    if (call === null) return;
    admitted = await admitCall(parts, call, ENDPOINTS[call.incoming.endpoint].family, record, headers);
  } catch (error) {
    const refusal = asGatewayError(error);
    await auditRefusal(parts, record, refusal, client.gone);
    throw refusal;
  }
  await serve(parts, call, admitted, record, client, headers);
}

/** @returns null where the request asks nothing of a model, and was answered */
async function authorize(
  parts: PipelineParts,
  came: IncomingCall,
  record: RequestRecord,
  client: ClientConnection,
  seat: BodySeat,
  headers: Record<string, string>,
): Promise<AuthorizedCall | null> {
  const seen = (caller: Caller) => {
    record.caller = caller;
    headers['x-ntl-tier'] = caller.member.planId;
  };
  const { address, inside } = came;
  const caller =
    inside === undefined
      ? identify(parts, address, came.headers, seen)
      : identifyInside(parts, address, inside, seen);
  authorizeRoute(caller, came.preset);
  parts.pause.refuse();
  const bytes = await readBody(came.body, parts.bodyMs);
  const entering = seat.take(bytes.length);
  if (entering !== undefined) await entering;
  if (client.gone)
    throw new GatewayError('invalid_request', 'The client hung up before its request was looked at.');
  const rewritten = came.rewrite?.(bytes);
  const incoming = rewritten === undefined ? came : { ...came, endpoint: rewritten.endpoint };
  record.incoming = incoming;
  const asked = rewritten === undefined ? readInferenceBody(came.endpoint, bytes) : ownBody(rewritten);
  record.body = asked;
  const preset = incoming.preset === null ? undefined : parts.presets.get(incoming.preset);
  const auto = preset?.defaultModel ?? parts.settings.get('default_model');
  const model = authorizeModel(parts.models, auto, caller.member, asked.model);
  record.multiplier = model.multiplier;
  if (rewritten?.answer != null) {
    answerAtOnce(client, rewritten.answer, headers);
    return null;
  }
  const body = applyPreset(incoming.endpoint, asked, preset, () => publicFacts(parts, model.served));
  record.body = body;
  const leftOut = rewritten?.leftOut ?? null;
  return { incoming, caller, body, leftOut, model, plan: planCall(parts, incoming, body, model) };
}

/** What was rewritten is not the service's own: in chat it is put into the words of each target, as they take it. */
function ownBody({ endpoint, bytes }: RewrittenBody): InferenceBody {
  const body = readInferenceBody(endpoint, bytes);
  return endpoint === 'chat' ? { ...body, dialect: 'mixed' } : body;
}

function answerAtOnce(client: ClientConnection, answer: Buffer, headers: Record<string, string>): void {
  const length = { 'content-length': String(answer.length) };
  client.start(200, { ...headers, 'content-type': 'application/json', ...length });
  client.end(answer);
}

async function serve(
  parts: PipelineParts,
  call: AuthorizedCall,
  admitted: Admitted,
  record: RequestRecord,
  client: ClientConnection,
  headers: Record<string, string>,
): Promise<void> {
  const { endpoint, requestId } = call.incoming;
  const metered = unmetered();
  const report: AttemptsReport = { made: 0, failed: [], last: null, dropped: null };
  const delivery = new Delivery(endpoint, client, headers, call.body.stream ? parts.keepAliveMs : null);
  const tell = (route: Route | null) =>
    parts.onProgress(admitted.row, () => progressOf(record, admitted, metered, route));
  tell(null);
  const settle = (ending: Ending) => settleCall(parts, call, record, admitted, report, metered, ending);
  try {
    let end: AnswerEnd | undefined;
    let failure: unknown;
    try {
      const tellsCharge = admitted.hold !== null;
      end = await answer(parts, call, { delivery, report, metered, tellsCharge }, client, tell);
    } catch (error) {
      failure = error;
    }
    const bill = await settle(endingOf(failure, client.gone, parts.calls.stopping, metered));
    parts.onRow(admitted.row);
    if (end !== undefined)
      return deliver(delivery, bill === null ? end : tellCharge(call, end, bill, parts.clock.wall()));
    if (client.gone) return;
    throw parts.calls.stopping ? shuttingDown() : failure;
  } catch (error) {
    const shown = error instanceof BrokenOff ? error.toGatewayError() : asGatewayError(error);
    const providersEvent = error instanceof BrokenOff ? error.event : null;
    if (!delivery.endWithError(shown, requestId, providersEvent)) throw shown;
  } finally {
    delivery.stop();
  }
}

async function answer(
  parts: PipelineParts,
  call: AuthorizedCall,
  about: Pick<Serving, 'delivery' | 'report' | 'metered' | 'tellsCharge'>,
  client: ClientConnection,
  onAnswer: (route: Route) => void,
): Promise<AnswerEnd> {
  const { endpoint } = call.incoming;
  const { routes, failure } = call.plan;
  if (failure !== null) throw failure;
  if (endpoint === 'count_tokens' && routes.length === 0) return estimatedCount(call);
  const calling = new AbortController();
  client.whenGone(() => calling.abort());
  const serving = { parts: forwardParts(parts, onAnswer), call, ...about, signal: calling.signal };
  return parts.calls.untilStopped(calling, () => forwardCall(serving));
}

function forwardParts(
  { upstreams, clock, watch }: PipelineParts,
  onAnswer: (route: Route) => void,
): ForwardParts {
  return {
    health: upstreams.health,
    clock,
    onFailure: ({ provider }, message, reason) => provider && watch.failed(provider.id, message, reason),
    onAnswer,
    onSuccess: ({ provider }) => provider && watch.served(provider.id),
    onLacking: (route) => {
      if (route.provider === null) return;
      upstreams.noteLacking(route.provider.id, route.protocol);
    },
  };
}

function deliver(delivery: Delivery, end: AnswerEnd): void {
  if (end.kind === 'stream') delivery.endStream(end.last);
  else delivery.sendWhole(end.status, end.headers, end.body);
}

function endingOf(failure: unknown, gone: boolean, stopping: boolean, metered: Metered): Ending {
  if (failure === undefined) {
    const kind = metered.status >= 400 ? 'rejected' : 'answered';
    return { status: metered.status === 0 ? 200 : metered.status, code: null, kind };
  }
  if (gone) return { status: 499, code: 'client_closed', kind: 'left' };
  if (stopping) return { status: 503, code: 'shutting_down', kind: 'left' };
  const { status, code } = failure instanceof BrokenOff ? failure.toGatewayError() : asGatewayError(failure);
  return { status, code, kind: 'provider_failed' };
}

async function auditRefusal(
  parts: PipelineParts,
  record: RequestRecord,
  refusal: GatewayError,
  gone: boolean,
): Promise<void> {
  const outcome = gone
    ? { status: 499, code: 'client_closed', latencyMs: record.latencyMs }
    : { status: refusal.status, code: refusal.code, latencyMs: record.latencyMs };
  try {
    parts.onRow(await parts.log.refused(record.facts(), outcome, record.refusal));
  } catch (error) {
    // The refusal gave nothing away; it stands even where its row cannot be written.
    if (asGatewayError(error).code !== 'audit_unavailable') throw error;
  }
}

/** Whatever is not meant for callers becomes a plain error without detail; the door logs it. */
export function asGatewayError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  const unavailable = asUnavailable(error);
  if (unavailable instanceof StoreUnavailable) {
    const message = `The gateway cannot write its audit log, so it serves nothing. ${unavailable.message}`;
    return new GatewayError('audit_unavailable', message, { cause: error });
  }
  return new GatewayError('internal', 'The gateway failed to handle the request.', { cause: error });
}

export function shuttingDown(): GatewayError {
  return new GatewayError('shutting_down', 'The gateway is shutting down; try again when it is back.');
}
