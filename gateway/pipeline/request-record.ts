import type { RequestRefusal } from '../audit/refusals.ts';
import type { RequestFacts } from '../audit/request-log.ts';
import { clientTool } from '../catalogue/tools.ts';
import type { Clock } from '../clock.ts';
import type { InferenceBody } from '../protocols/inference-body.ts';
import type { Caller, IncomingCall } from './call.ts';

/** What the audit row will say of a request, gathered as the stages learn it. */
export class RequestRecord {
  /** Its endpoint is known for sure once the body is read. */
  incoming: IncomingCall;
  /** Wall-clock ms. */
  readonly at: number;
  readonly #clock: Clock;
  readonly #begun: number;
  caller: Caller | null = null;
  body: InferenceBody | null = null;
  multiplier = 1;
  /** The limit or balance that refused it. */
  refusal: RequestRefusal | null = null;

  constructor(incoming: IncomingCall, clock: Clock) {
    this.incoming = incoming;
    this.at = clock.wall();
    this.#clock = clock;
    this.#begun = clock.steady();
  }

  get latencyMs(): number {
    return this.since(this.#clock.steady());
  }

  /** Milliseconds from the request's arrival to a steady time. */
  since(steady: number): number {
    return Math.max(0, steady - this.#begun);
  }

  facts(): RequestFacts {
    const { incoming } = this;
    return {
      at: this.at,
      requestId: incoming.requestId,
      memberId: this.caller?.member.id ?? null,
      keyId: this.caller?.key.id ?? null,
      address: incoming.address,
      tool: incoming.inside?.tool ?? clientTool(incoming.preset, incoming.headers['user-agent']),
      endpoint: incoming.endpoint,
      model: this.body?.model ?? null,
      streamed: this.body?.stream ?? false,
      multiplier: this.multiplier,
    };
  }
}
