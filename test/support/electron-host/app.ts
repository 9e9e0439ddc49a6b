import { EventEmitter } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App, Settings } from 'electron';
import { preventable } from './events.ts';
import { InstanceLock } from './instance-lock.ts';
import { readSettings } from './settings.ts';
import { strict } from './strict.ts';

/** What ends with the app, in this order. */
export interface Ending {
  /** @returns false where a window stays open */
  closeWindows(): boolean;
  close(): Promise<void>;
}

/** As a test looks at it from outside. */
export interface AppRecord {
  sandboxed: boolean;
  relaunched: boolean;
  loginItem: Settings | null;
}

export class StandInApp extends EventEmitter {
  readonly record: AppRecord = { sandboxed: false, relaunched: false, loginItem: null };
  readonly #paths = new Map<string, string>();
  readonly #root: string;
  readonly #lock = new InstanceLock();
  #ending: Ending | undefined;
  #ready = false;

  /** @param root what Electron was started with: the folder of package.json */
  constructor(root: string) {
    super();
    this.#root = root;
    this.setMaxListeners(100);
  }

  /** @param open resolves when windows can be made */
  start(open: () => Promise<void>, ending: Ending): void {
    this.#ending = ending;
    // As Electron does on Linux and macOS: https://www.electronjs.org/docs/latest/api/app#event-before-quit
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => this.quit());
    setImmediate(async () => {
      await open();
      this.#ready = true;
      this.emit('ready');
    });
  }

  readonly isPackaged = readSettings().isPackaged ?? false;
  readonly getVersion = () => JSON.parse(readFileSync(join(this.#root, 'package.json'), 'utf8')).version;
  readonly getName = () => 'notokenlimit-desktop';
  readonly getAppPath = () => this.#root;
  readonly enableSandbox = () => {
    if (this.#ready) throw new Error('app.enableSandbox() can only be called before app is ready');
    this.record.sandboxed = true;
  };
  readonly setAppUserModelId = () => undefined;

  readonly setPath = (name: string, path: string) => void this.#paths.set(name, path);
  readonly getPath = (name: string) => {
    const path = this.#paths.get(name);
    if (path === undefined) throw new Error(`app.getPath('${name}') is not in the stand-in for Electron`);
    return path;
  };

  readonly requestSingleInstanceLock = () => {
    const userData = this.getPath('userData');
    mkdirSync(userData, { recursive: true });
    return this.#lock.acquire(userData, (argv) =>
      this.emit('second-instance', preventable(), argv, userData, null),
    );
  };

  readonly whenReady = () =>
    this.#ready ? Promise.resolve() : new Promise<void>((resolve) => this.once('ready', () => resolve()));
  readonly isReady = () => this.#ready;

  readonly getLoginItemSettings = () => {
    throw new Error('app.getLoginItemSettings is for macOS and Windows');
  };
  readonly setLoginItemSettings = (settings: Settings) => {
    this.record.loginItem = settings;
  };

  readonly relaunch = () => {
    this.record.relaunched = true;
  };

  readonly quit = () => {
    const asked = preventable();
    this.emit('before-quit', asked);
    if (asked.defaultPrevented || !(this.#ending?.closeWindows() ?? true)) return;
    const last = preventable();
    this.emit('will-quit', last);
    if (!last.defaultPrevented) void this.#end(0);
  };

  readonly exit = (code = 0) => void this.#end(code);

  async #end(code: number): Promise<void> {
    this.emit('quit', preventable(), code);
    await this.#ending?.close();
    this.#lock.release();
    process.exit(code);
  }
}

export function strictApp(app: StandInApp): App {
  return strict<App>('app', app as unknown as Partial<App>);
}
