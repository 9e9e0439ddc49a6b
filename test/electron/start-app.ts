import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, test } from 'vitest';
import { readRuntimeFile } from '../../gateway/runtime-file.ts';
import { builtDesktop } from '../support/electron-host/built-desktop.ts';
import {
  type Desktop,
  type DesktopStart,
  type RunningDesktop,
  type StandInDesktop,
  startOnElectron,
  startOnStandIn,
  startProgram,
} from '../support/electron-host/desktop.ts';
import { until } from '../support/until.ts';

/** Path of Electron's program, where the tests are to run on the real one. */
export const ELECTRON = process.env.NTL_TEST_ELECTRON || null;

/** The stand-in has one system, the one that can be had anywhere. */
const HAS_STAND_IN = process.platform === 'linux';

/** What only the stand-in tells. */
export const standInTest = test.skipIf(!HAS_STAND_IN);

/** What holds on the real Electron as on the stand-in. */
export const appTest = test.skipIf(!HAS_STAND_IN && ELECTRON === null);

export type AppStart = Partial<Pick<DesktopStart, 'args' | 'environment' | 'standIn' | 'dataDir'>>;

interface Gateway {
  url: string;
  adminToken: string;
}

export interface StartedApp<Kind extends RunningDesktop = Desktop> {
  desktop: Kind;
  dataDir: string;
  /** Where its gateway listens, once it does. */
  gateway(): Promise<Gateway>;
  /** Asks the admin API as a script does. */
  admin(method: string, path: string, body?: unknown): Promise<unknown>;
}

/** A data folder that goes when the test is over. */
export async function dataFolder(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'ntl-desktop-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true, maxRetries: 5 }));
  return dataDir;
}

/** Starts the built app, on Electron where the environment names it, else on the stand-in. It ends with the test. */
export async function startApp(start: AppStart = {}): Promise<StartedApp> {
  const whole = await wholeStart(start);
  const desktop =
    ELECTRON === null ? startOnStandIn(whole) : await startOnElectron({ ...whole, electron: ELECTRON });
  return started(desktop, whole.dataDir);
}

/**
 * Starts the built app once more on a folder where it runs already. Playwright would wait in vain for one that ends
 * at once.
 * @returns the exit code
 */
export async function startAgain(dataDir: string, args: readonly string[] = []): Promise<number | null> {
  const whole = await wholeStart({ dataDir, args });
  const desktop =
    ELECTRON === null ? startOnStandIn(whole) : startProgram(ELECTRON, [whole.root, ...args], dataDir);
  return started(desktop, dataDir).desktop.exited;
}

/** Starts the built app on the stand-in, which tells what no Electron does. */
export async function startStandIn(start: AppStart = {}): Promise<StartedApp<StandInDesktop>> {
  const whole = await wholeStart(start);
  return started(startOnStandIn(whole), whole.dataDir);
}

async function wholeStart(start: AppStart): Promise<DesktopStart> {
  const built = await builtDesktop();
  const dataDir = start.dataDir ?? (await dataFolder());
  return { ...start, root: built, main: join(built, 'electron/main.js'), electron: null, dataDir };
}

/** What a test does with an app that it has started. It ends with the test. */
export function started<Kind extends RunningDesktop>(desktop: Kind, dataDir: string): StartedApp<Kind> {
  onTestFinished(() => desktop[Symbol.asyncDispose]());

  async function gateway(): Promise<Gateway> {
    const failed = desktop.exited.then((code) => {
      throw new Error(`the app ended with ${code}: ${desktop.said()}`);
    });
    return Promise.race([until('the gateway', () => readRuntimeFile(dataDir), 20_000), failed]);
  }

  return {
    desktop,
    dataDir,
    gateway,
    async admin(method, path, body) {
      const { url, adminToken } = await gateway();
      const answer = await fetch(`${url}/admin/api${path}`, {
        method,
        headers: {
          authorization: `Bearer ${adminToken}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
      return text === '' ? null : JSON.parse(text);
    },
  };
}
