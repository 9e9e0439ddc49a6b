import type { AppRecord } from './app.ts';
import type { StandInWindow } from './browser-window.ts';
import type { record } from './desktop-parts.ts';

/** What a test finds in the stand-in that no Electron tells. */
export interface StandIn {
  record: typeof record;
  app: AppRecord;
  schemes: { scheme: string }[];
  readonly windows: StandInWindow[];
  /** Where Chromium is debugged; empty until the first window. */
  readonly debugging: string;
}

/** From the test: run this function, as text, in the app. */
export interface Evaluation {
  id: number;
  /** Of Electron's module, or of the stand-in. */
  on: 'electron' | 'stand-in';
  text: string;
  argument: unknown;
}

export type Outcome = { id: number; value: unknown } | { id: number; error: string };

/** Runs in the app what the test process sends, and sends back what comes of it, as Playwright does in Electron. */
export function answerTheTest(electron: object, standIn: StandIn): void {
  process.on('message', async ({ id, on, text, argument }: Evaluation) => {
    const send = (outcome: Outcome) => void process.send?.(outcome);
    try {
      // biome-ignore lint/security/noGlobalEval: the text is a function of the test that started this process
      const work = globalThis.eval(`(${text})`);
      send({ id, value: await work(on === 'electron' ? electron : standIn, argument) });
    } catch (error) {
      send({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  // A test that was ended leaves nothing behind: the browser goes with this process.
  process.on('disconnect', () => process.exit(1));
}
