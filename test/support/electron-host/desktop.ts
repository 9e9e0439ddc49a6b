import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, _electron as electron, type Page } from 'playwright';
import { until } from '../until.ts';
import type { Evaluation, Outcome, StandIn } from './control.ts';
import { type StandInSettings, settingsVariable } from './settings.ts';

/** On a machine that does much else. */
const BROWSER_STARTS_MS = 40_000;

type ElectronModule = typeof import('electron');

export interface DesktopStart {
  /** The folder of package.json, as Electron is given it. */
  root: string;
  /** The built entry. */
  main: string;
  /** Electron's program; null for the stand-in. */
  electron: string | null;
  dataDir: string;
  args?: readonly string[];
  environment?: NodeJS.ProcessEnv;
  standIn?: StandInSettings;
}

/** The desktop app as it runs. */
export interface RunningDesktop extends AsyncDisposable {
  /** Ends with the exit code. */
  readonly exited: Promise<number | null>;
  /** What it wrote to its error output. */
  readonly said: () => string;
  /** The page in its first window, once it is there. */
  page(): Promise<Page>;
}

/** On Electron or on the stand-in for it, its main process can be looked into. */
export interface Desktop extends RunningDesktop {
  /** Runs a function in the app's main process. It sees nothing of the test but its argument. */
  evaluate<Result, Argument = undefined>(
    work: (electron: ElectronModule, argument: Argument) => Result | Promise<Result>,
    argument?: Argument,
  ): Promise<Result>;
  signal(signal: NodeJS.Signals): void;
}

export interface StandInDesktop extends Desktop {
  /** Runs a function on what the stand-in kept. */
  look<Result, Argument = undefined>(
    work: (standIn: StandIn, argument: Argument) => Result | Promise<Result>,
    argument?: Argument,
  ): Promise<Result>;
}

/** Starts the app on the stand-in: in a process of its own, as it was built. */
export function startOnStandIn(start: Omit<DesktopStart, 'electron'>): StandInDesktop {
  const { root, main, args = [] } = start;
  const register = pathToFileURL(join(import.meta.dirname, 'register.ts')).href;
  const home = mkdtempSync(join(tmpdir(), 'ntl-home-'));
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--import', register, main, ...args],
    {
      env: {
        ...environmentOf(start, home),
        NTL_TEST_APP_ROOT: root,
        ...settingsVariable(start.standIn ?? {}),
      },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    },
  );
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const said = errorOutput(child);
  let browser: Promise<Browser> | undefined;
  const ask = evaluator(child, exited, said);

  async function page(): Promise<Page> {
    const address = await until(
      'the window',
      () => ask<string | null>('stand-in', (standIn: StandIn) => standIn.debugging || null),
      BROWSER_STARTS_MS,
    );
    browser ??= chromium.connectOverCDP(address);
    const [context] = (await browser).contexts();
    return until('its page', () => context?.pages().find((one) => one.url() !== 'about:blank'));
  }

  return {
    exited,
    said,
    evaluate: (work, argument) => ask('electron', work, argument),
    look: (work, argument) => ask('stand-in', work, argument),
    page,
    signal: (signal) => void child.kill(signal),
    async [Symbol.asyncDispose]() {
      await (await browser)?.close().catch(() => undefined);
      await endOf(child, exited);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Starts the app on the real Electron. */
export async function startOnElectron(start: DesktopStart & { electron: string }): Promise<Desktop> {
  const home = mkdtempSync(join(tmpdir(), 'ntl-home-'));
  const running = await electron.launch({
    executablePath: start.electron,
    args: [start.root, ...(start.args ?? []), ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
    env: environmentOf(start, home) as Record<string, string>,
  });
  const child = running.process();
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  return {
    exited,
    said: errorOutput(child),
    evaluate: (work, argument) => running.evaluate(work as never, argument as never) as never,
    page: () => running.firstWindow(),
    signal: (signal) => void child.kill(signal),
    async [Symbol.asyncDispose]() {
      await endOf(child, exited);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/**
 * Starts a program that nobody can look into from outside, as a packed app's fuses see to: its pages are debugged as
 * Chromium's are.
 */
export function startProgram(program: string, args: readonly string[], dataDir: string): RunningDesktop {
  const home = mkdtempSync(join(tmpdir(), 'ntl-home-'));
  const child = spawn(program, ['--remote-debugging-port=0', ...args], {
    env: environmentOf({ dataDir }, home),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const said = errorOutput(child);
  let browser: Promise<Browser> | undefined;
  return {
    exited,
    said,
    async page() {
      const debugging = () => /DevTools listening on (ws:\S+)/.exec(said())?.[1];
      browser ??= chromium.connectOverCDP(await until('the window', debugging, BROWSER_STARTS_MS));
      const [context] = (await browser).contexts();
      return until('its page', () => context?.pages()[0]);
    },
    async [Symbol.asyncDispose]() {
      await (await browser)?.close().catch(() => undefined);
      await endOf(child, exited);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Nothing of this computer's owner is read or written. */
function environmentOf(
  { dataDir, environment }: Pick<DesktopStart, 'dataDir' | 'environment'>,
  home: string,
) {
  return {
    ...process.env,
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    NTL_DATA_DIR: dataDir,
    NTL_PORT: '0',
    NTL_VAULT: 'file',
    NTL_LOG_LEVEL: 'silent',
    ...environment,
  };
}

function errorOutput(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (part) => {
    text += part;
  });
  return () => text;
}

async function endOf(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  await exited;
}

function evaluator(child: ChildProcess, exited: Promise<number | null>, said: () => string) {
  let last = 0;
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  child.on('message', (outcome: Outcome) => {
    const asked = waiting.get(outcome.id);
    waiting.delete(outcome.id);
    if ('error' in outcome) asked?.reject(new Error(outcome.error));
    else asked?.resolve(outcome.value);
  });
  void exited.then((code) => {
    for (const asked of waiting.values()) asked.reject(new Error(`the app ended with ${code}: ${said()}`));
  });
  return <Result>(
    on: Evaluation['on'],
    work: (...given: never[]) => unknown,
    argument?: unknown,
  ): Promise<Result> => {
    const id = ++last;
    const asked = Promise.withResolvers<unknown>();
    waiting.set(id, asked);
    child.send({ id, on, text: String(work), argument } satisfies Evaluation, (error) => {
      if (error !== null) asked.reject(error);
    });
    return asked.promise as Promise<Result>;
  };
}
