import type { App } from 'electron';
import type { Gateway } from '../gateway/gateway.ts';

/** Quitting waits until running requests have ended and everything is on disk. */
export function drainBeforeQuit(
  app: Pick<App, 'on' | 'quit' | 'exit'>,
  gateway: Pick<Gateway, 'stop'>,
  onQuit: () => void,
): void {
  let stopped = false;
  app.on('before-quit', (event) => {
    onQuit();
    if (stopped) return;
    event.preventDefault();
    gateway.stop().then(
      () => {
        stopped = true;
        app.quit();
      },
      // What could not be closed properly is what a crash leaves, which the next start puts right.
      () => app.exit(1),
    );
  });
}
