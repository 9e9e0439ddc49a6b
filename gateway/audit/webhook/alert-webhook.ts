import type { Settings } from '../../catalogue/settings.ts';
import { createDispatcher, type ProviderDispatcher, type SystemProxy } from '../../providers/dispatcher.ts';
import { requestId } from '../../request-id.ts';
import type { Vault } from '../../vault/vault.ts';
import type { Alert } from '../alert-log.ts';
import type { LiveEvents } from '../events.ts';
import type { Attempt, Message } from './delivery.ts';
import { newSecret } from './signature.ts';

const SECRET = 'alerts:webhook-secret';
const CONNECT_MS = 10_000;
/** Longer than any flood of alerts that anybody reads. */
const MOST_WAITING = 100;
/** How long after each failed try the next follows; after the last the message is given up. */
const BACK_OFF_MS = [5_000, 30_000, 300_000, 1_800_000, 7_200_000];

export interface AlertWebhookParts {
  settings: Pick<Settings, 'get' | 'set'>;
  vault: Vault;
  events: LiveEvents;
  wall: () => number;
  memberName: (id: number) => string | undefined;
  systemProxy: SystemProxy | undefined;
  backOffMs?: readonly number[] | undefined;
}

/** How the webhook goes. Times are wall-clock ms. */
export interface WebhookState {
  url: string | null;
  since: number | null;
  /** Messages that wait for their first or next try. */
  waiting: number;
  /** Since the start: given up, or pushed out by newer ones. */
  lost: number;
  lastDelivered: number | null;
  /** Null once a later message was taken. */
  lastFailure: { at: number; message: string } | null;
}

interface Waiting {
  message: Message;
  failures: number;
}

/**
 * Tells each alert to an address of the owner's, signed as Standard Webhooks says. Messages go in order, one at a
 * time; they wait in memory, so those that wait at the end of the process are not sent. They hold what the alert
 * list shows: no content, no key, no credential.
 */
export class AlertWebhook {
  readonly #parts: AlertWebhookParts;
  readonly #backOffMs: readonly number[];
  readonly #stopping = new AbortController();
  readonly #leave;
  #queue: Waiting[] = [];
  #sending: Promise<void> | null = null;
  #timer: NodeJS.Timeout | undefined;
  #dispatcher: ProviderDispatcher | undefined;
  #lost = 0;
  #lastDelivered: number | null = null;
  #lastFailure: WebhookState['lastFailure'] = null;

  constructor(parts: AlertWebhookParts) {
    this.#parts = parts;
    this.#backOffMs = parts.backOffMs ?? BACK_OFF_MS;
    this.#leave = parts.events.subscribe(
      (event) => {
        if (event.type === 'alert') this.#tell(event.data);
      },
      ['alert'],
    );
  }

  get state(): WebhookState {
    const set = this.#parts.settings.get('alert_webhook');
    return {
      ...{ url: set?.url ?? null, since: set?.since ?? null, waiting: this.#queue.length, lost: this.#lost },
      ...{ lastDelivered: this.#lastDelivered, lastFailure: this.#lastFailure },
    };
  }

  /**
   * @param url as `webhookUrl` gave it
   * @param renew makes a new secret also where there is one
   * @returns the secret where one was made: it is shown this once; else null
   * @throws VaultError
   */
  async change(url: string, renew: boolean): Promise<string | null> {
    const { settings, vault, wall } = this.#parts;
    const made = renew || (await vault.get(SECRET)) === null ? newSecret() : null;
    if (made !== null) await vault.set(SECRET, made);
    settings.set('alert_webhook', { url, since: wall() });
    this.#lastFailure = null;
    this.#lost = 0;
    this.#again(0);
    return made;
  }

  /** Nothing more is sent, also of what waits. @throws VaultError */
  async remove(): Promise<void> {
    this.#parts.settings.set('alert_webhook', null);
    this.#queue = [];
    clearTimeout(this.#timer);
    await this.#parts.vault.delete(SECRET);
  }

  /** Sends a message now that says it is a test. @returns null where no address is set */
  async test(): Promise<Attempt | null> {
    const { settings, wall } = this.#parts;
    if (settings.get('alert_webhook') === null) return null;
    const message = 'This is a test: alerts of this gateway will come like this one.';
    return this.#post(messageOf('alert.test', wall(), { message }));
  }

  async close(): Promise<void> {
    this.#leave?.();
    this.#stopping.abort();
    clearTimeout(this.#timer);
    await this.#sending;
    await this.#dispatcher?.close();
  }

  #tell(alert: Alert): void {
    if (this.#parts.settings.get('alert_webhook') === null || this.#stopping.signal.aborted) return;
    const { id, at, kind, message, memberId, keyId, providerId, address } = alert;
    const idText = (number: number | null) => (number === null ? null : String(number));
    this.#queue.push({
      failures: 0,
      message: messageOf('alert.raised', at, {
        ...{ id: String(id), kind, message, address },
        ...{ memberId: idText(memberId), keyId: idText(keyId), providerId: idText(providerId) },
        memberName: memberId === null ? null : (this.#parts.memberName(memberId) ?? null),
      }),
    });
    if (this.#queue.length > MOST_WAITING) {
      // The first may be on its way just now.
      this.#queue.splice(1, 1);
      this.#lost += 1;
    }
    if (this.#queue.length === 1) this.#again(0);
  }

  #again(ms: number): void {
    clearTimeout(this.#timer);
    if (this.#queue.length === 0 || this.#stopping.signal.aborted) return;
    this.#timer = setTimeout(() => {
      this.#sending ??= this.#send().finally(() => {
        this.#sending = null;
      });
    }, ms).unref();
  }

  /** Sends what waits until something is not taken. */
  async #send(): Promise<void> {
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      const attempt = await this.#post(next.message);
      if (this.#stopping.signal.aborted) return;
      if (!attempt.ok && this.#queue[0] === next) {
        const wait = attempt.final ? undefined : this.#backOffMs[next.failures];
        next.failures += 1;
        if (wait !== undefined) {
          // After this run, which counts as sending until it has ended.
          setImmediate(() => this.#again(wait));
          return;
        }
        this.#lost += 1;
      }
      if (this.#queue[0] === next) this.#queue.shift();
    }
  }

  async #post(message: Message): Promise<Attempt> {
    const { settings, vault, wall, systemProxy } = this.#parts;
    const url = settings.get('alert_webhook')?.url;
    const began = performance.now();
    const failed = (words: string): Attempt => ({
      ...{ ok: false, status: null, message: words, final: false },
      latencyMs: Math.round(performance.now() - began),
    });
    let attempt: Attempt;
    try {
      const secret = await vault.get(SECRET);
      if (url === undefined || secret === null) attempt = failed('No address and secret are stored.');
      else {
        const { deliver } = await import('./delivery.ts');
        this.#dispatcher ??= createDispatcher({ proxy: null, ca: null, connectMs: CONNECT_MS, systemProxy });
        attempt = await deliver(this.#dispatcher, { url, secret }, message, wall(), this.#stopping.signal);
      }
    } catch {
      attempt = failed('The secret, or the proxy setting, cannot be read.');
    }
    if (attempt.ok) this.#lastDelivered = wall();
    this.#lastFailure = attempt.ok ? null : { at: wall(), message: attempt.message };
    return attempt;
  }
}

function messageOf(type: string, at: number, data: object): Message {
  const body = JSON.stringify({ type, timestamp: new Date(at).toISOString(), data });
  return { id: `msg_${requestId()}`, body };
}
