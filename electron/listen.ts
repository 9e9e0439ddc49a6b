import { type Gateway, type ListenAddress, ListenError } from '../gateway/gateway.ts';
import { ask } from './ask.ts';
import type { ElectronParts } from './electron-parts.ts';

const FREE_PORT = 0;

export interface ListenWish {
  host: string;
  /** Of a variable; without one the owner's setting counts. */
  port: number | undefined;
  /** Where the gateway before this one listened: tools know it. */
  before: ListenAddress | null;
}

/**
 * Makes the gateway listen; where its address cannot be had, asks the owner what to do.
 * @returns false when the owner would rather quit
 */
export async function listenOrAsk(
  gateway: Pick<Gateway, 'listen'>,
  dialog: ElectronParts['dialog'],
  { host, port, before }: ListenWish,
): Promise<boolean> {
  for (;;) {
    try {
      await (before === null ? gateway.listen(host, port) : gateway.listen(host, before.port, before.from));
      return true;
    } catch (error) {
      if (!(error instanceof ListenError)) throw error;
      const answer = await ask(dialog, {
        type: 'warning',
        message: 'The gateway cannot use its address',
        detail: `${error.message}\n\nWith a free port, tools that know the old address do not find the gateway this time. Settings has another port for good.`,
        answers: { free: 'Use a free port', again: 'Try again', quit: 'Quit' },
      });
      if (answer === 'quit') return false;
      if (answer === 'free') {
        await gateway.listen(host, FREE_PORT);
        return true;
      }
    }
  }
}
