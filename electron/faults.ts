import { ask } from './ask.ts';
import { APP_NAME, type ElectronParts } from './electron-parts.ts';
import type { GatewayHost } from './gateway-host.ts';

/**
 * An error nobody expected leaves the process in a state nobody knows: what runs is cut off, what can be is put on
 * disk, and the app ends, or starts anew. The log has the error's name and place, never what it says.
 */
export function endOnFault({ app, dialog }: Pick<ElectronParts, 'app' | 'dialog'>, host: GatewayHost): void {
  let ending = false;

  async function end(error: unknown): Promise<void> {
    if (ending) return;
    ending = true;
    host.app.log.fatal({ err: error }, 'an unexpected error ends the app');
    await host.stop(true).catch(() => undefined);
    const answer = await ask(dialog, {
      type: 'error',
      message: `${APP_NAME} has met an unexpected error`,
      detail:
        'The gateway was stopped. The log in the data folder names the error; nothing of a request is in it.',
      answers: { again: 'Start again', quit: 'Quit' },
    });
    if (answer === 'again') app.relaunch();
    app.exit(1);
  }

  process.on('uncaughtException', (error) => void end(error));
  process.on('unhandledRejection', (error) => void end(error));
}
