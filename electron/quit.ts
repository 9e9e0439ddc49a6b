import type { BrowserWindow } from 'electron';
import { ask } from './ask.ts';
import type { ElectronParts } from './electron-parts.ts';

export interface QuitParts {
  /** @param atOnce cuts running requests off */
  stop(atOnce?: boolean): Promise<void>;
  /** Requests that are waited for. */
  running(): Promise<number>;
  /** What a box can hang on. */
  window(): BrowserWindow | undefined;
  /** Windows may close from now on. */
  onQuit(): void;
}

/** A shorter wait needs no words. */
const WORDS_AFTER_MS = 1_500;

export interface Quit {
  /** Quits, with another last step than the app's own end. */
  into(last: () => void): void;
}

/**
 * Quitting waits until running requests have ended and everything is on disk; where that takes long it says so.
 * The system's own end, a logout say, quits too.
 */
export function drainBeforeQuit(
  { app, dialog, powerMonitor }: Pick<ElectronParts, 'app' | 'dialog' | 'powerMonitor'>,
  parts: QuitParts,
): Quit {
  let last = () => app.quit();
  let asked = false;
  let stopped = false;

  async function drain(): Promise<void> {
    const ended = new AbortController();
    const words = setTimeout(() => void tellAndAsk(dialog, parts, ended.signal), WORDS_AFTER_MS);
    try {
      await parts.stop();
      stopped = true;
      last();
    } catch {
      // What could not be closed properly is what a crash leaves, which the next start puts right.
      app.exit(1);
    } finally {
      clearTimeout(words);
      ended.abort();
    }
  }

  app.on('before-quit', (event) => {
    parts.onQuit();
    if (stopped) return;
    event.preventDefault();
    if (!asked) void drain();
    asked = true;
  });
  powerMonitor.on('shutdown', ((event?: { preventDefault(): void }) => {
    event?.preventDefault();
    app.quit();
  }) as () => void);

  return {
    into(step) {
      last = step;
      app.quit();
    },
  };
}

/**
 * On macOS a box without a window stops the whole process until it is answered, requests included
 * (https://www.electronjs.org/docs/latest/api/dialog#dialogshowmessageboxwindow-options): there the tray tells alone.
 */
async function tellAndAsk(
  dialog: ElectronParts['dialog'],
  parts: QuitParts,
  signal: AbortSignal,
): Promise<void> {
  const window = parts.window();
  if (window === undefined && process.platform === 'darwin') return;
  const running = await parts.running();
  if (signal.aborted) return;
  const what = running === 1 ? 'One request is still running' : `${running} requests are still running`;
  const answer = await ask(dialog, {
    type: 'info',
    message: running === 0 ? 'Putting everything on disk' : what,
    detail: 'NoTokenLimit quits when they have ended, after half a minute at most. New requests are refused.',
    answers: { now: 'Quit now', wait: 'Wait' },
    signal,
    window,
  });
  if (answer === 'now' && !signal.aborted) await parts.stop(true);
}
