import type { CanonicalEvent } from '../protocols/canonical/answer.ts';
import type { EventTranslator } from '../protocols/translation.ts';
import { errorAtStart } from './attempts.ts';
import type { Metered } from './metered.ts';
import type { Route } from './route.ts';

/** The end of a stream, in the caller's words. */
export interface StreamEnd {
  meaning: 'end' | 'error';
  event: Buffer;
}

/** As `errors.ts` names it. */
const BROKEN_OFF = { type: 'upstream_error', code: 'upstream_error' };

/** Gathers what a caller is to get of a provider's events, and meters them. */
export class EventRelay {
  readonly #translator: EventTranslator;
  readonly #route: Route;
  readonly #metered: Metered;
  readonly #clean: (text: string) => string;
  /** What came before the answer's first part: it may yet turn out that another target must be tried. */
  #opening: CanonicalEvent[] | undefined = [];
  #text = '';
  last: StreamEnd | undefined;

  /** @param clean takes the credential out of what the provider says of an error */
  constructor(
    translator: EventTranslator,
    route: Route,
    metered: Metered,
    clean: (text: string) => string = (text) => text,
  ) {
    this.#translator = translator;
    this.#clean = clean;
    this.#route = route;
    this.#metered = metered;
  }

  /** What is to be sent on now; '' for nothing. */
  take(): string {
    const text = this.#text;
    this.#text = '';
    return text;
  }

  /** @throws AttemptFailed, RefusedInStream for an error before anything else */
  push(events: readonly CanonicalEvent[]): void {
    for (const event of events) {
      if (this.last !== undefined) return;
      this.#meter(event);
      if (event.type === 'finish' || event.type === 'error') this.#end(event);
      else if (event.type === 'start' || event.type === 'usage') this.#before(event);
      else this.#send(event);
    }
  }

  /** Usage told before the first part goes ahead of the start: some protocols tell it there. */
  #before(event: CanonicalEvent): void {
    if (this.#opening === undefined) this.#send(event);
    else if (event.type === 'usage') this.#opening.unshift(event);
    else this.#opening.push(event);
  }

  #send(event: CanonicalEvent): void {
    this.#open();
    this.#text += this.#translator.push(event);
  }

  #open(): void {
    const opening = this.#opening ?? [];
    this.#opening = undefined;
    for (const event of opening) this.#text += this.#translator.push(event);
  }

  #end(event: Extract<CanonicalEvent, { type: 'finish' | 'error' }>): void {
    if (event.type === 'error' && this.#opening !== undefined) {
      throw errorAtStart(this.#route, { ...event.error, message: this.#clean(event.error.message) });
    }
    this.#open();
    const meaning = event.type === 'finish' ? 'end' : 'error';
    this.last = { meaning, event: Buffer.from(this.#translator.push(event)) };
  }

  /** The answer broke off: how the stream ends for the caller. */
  failed(message: string): Buffer {
    return Buffer.from(this.#translator.push({ type: 'error', error: { message, ...BROKEN_OFF } }));
  }

  #meter(event: CanonicalEvent): void {
    if (event.type === 'delta') this.#metered.outputBytes += Buffer.byteLength(event.text);
    if ((event.type === 'usage' || event.type === 'finish') && event.usage !== null)
      this.#metered.usage = event.usage;
  }
}
