import type { Logger } from 'pino';
import type { Billing } from './billing.ts';
import { StripeFailure } from './stripe-failure.ts';

/** Runs round after round, each when it is due, one at a time. */
export function startFollowing({ follower }: Pick<Billing, 'follower'>, log: Pick<Logger, 'warn' | 'error'>) {
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  const report = (error: unknown) => {
    if (error instanceof StripeFailure) {
      const { reason, status, stripeCode, stripeRequestId } = error;
      log.warn(
        { reason, status, stripeCode, stripeRequestId },
        'a payment could not be looked at; it is tried again',
      );
    } else log.error({ err: error }, 'a payment could not be looked at; it is tried again');
  };
  const round = async () => {
    if (stopping.signal.aborted) return;
    await follower.round(stopping.signal, report).catch(report);
    if (!stopping.signal.aborted) again(waitOf(follower));
  };
  const again = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      running = running.then(round);
    }, ms).unref();
  };
  follower.onNearer(() => {
    if (!stopping.signal.aborted) again(waitOf(follower));
  });
  again(0);

  return {
    /** The computer has slept: what was due meanwhile is looked at now. */
    wake(): void {
      follower.release();
    },
    async stop(): Promise<void> {
      stopping.abort();
      clearTimeout(timer);
      await running;
    },
  };
}

const AFTER_FAULT_MS = 60_000;

/** A database in trouble must not end the loop. */
function waitOf(follower: Billing['follower']): number {
  try {
    return follower.wait;
  } catch {
    return AFTER_FAULT_MS;
  }
}
