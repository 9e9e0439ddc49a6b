import { createHash } from 'node:crypto';
import type { App } from 'electron';
import { APP_ID } from './electron-parts.ts';
import { xdgAutostart } from './login-item/xdg-autostart.ts';

/** Whether the app starts when its owner signs in to the computer; the system keeps it. */
export interface LoginItem {
  /** @returns null where this installation has no way to it */
  isOn(): boolean | null;
  /** @throws an error for people where the system does not take it */
  set(on: boolean): void;
  /** The app may have moved since it was switched on: a start at login is to start this one. */
  renew(): void;
}

interface Surroundings {
  app: Pick<App, 'isPackaged' | 'getAppPath' | 'getLoginItemSettings' | 'setLoginItemSettings'>;
  platform: NodeJS.Platform;
  environment: NodeJS.ProcessEnv;
  /** The running program. */
  program: string;
  /** A data folder that is not the usual one, which the start at login must be told. */
  dataDir: string | null;
}

/** Start at login, in the tray: by the system's own list, or an XDG autostart file on Linux. */
export function loginItem(surroundings: Surroundings): LoginItem {
  const { app, platform, environment, program, dataDir } = surroundings;
  const args = startArguments(surroundings);
  const instance = dataDir === null ? '' : `-${shortHash(dataDir)}`;
  if (platform === 'linux') {
    // An AppImage runs from a mount that is gone after it; APPIMAGE names the file itself.
    return xdgAutostart([environment.APPIMAGE || program, ...args], `${NAME}${instance}`, environment);
  }
  if (platform === 'win32') return windowsRunKey(app, program, args, instance);
  // macOS starts bundles, without arguments; from sources Electron's own would be started.
  return platform === 'darwin' && app.isPackaged && dataDir === null ? macService(app) : NONE;
}

const NAME = 'notokenlimit-desktop';

const NONE: LoginItem = { isOn: () => null, set: () => undefined, renew: () => undefined };

/** An app with a folder of its own is an app of its own. */
function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

function startArguments({ app, dataDir }: Surroundings): string[] {
  return [
    ...(app.isPackaged ? [] : [app.getAppPath()]),
    '--hidden',
    ...(dataDir === null ? [] : [`--data-dir=${dataDir}`]),
  ];
}

/**
 * The registry's Run key. Electron writes path and arguments as they are given and cuts an unquoted path at its first
 * blank when it looks for it again (https://github.com/electron/electron/issues/53911), so all are quoted, both times.
 * Who switched the app off in the Task Manager leaves the key where it is: `executableWillLaunchAtLogin` knows.
 */
function windowsRunKey(
  app: Surroundings['app'],
  program: string,
  given: readonly string[],
  instance: string,
): LoginItem {
  const name = `${APP_ID}${instance}`;
  const command = { path: `"${program}"`, args: given.map(quotedForWindows) };
  return {
    isOn() {
      const { openAtLogin, executableWillLaunchAtLogin } = app.getLoginItemSettings(command);
      return openAtLogin && executableWillLaunchAtLogin;
    },
    set: (openAtLogin) => app.setLoginItemSettings({ openAtLogin, name, ...command }),
    renew: () => undefined,
  };
}

/** Where a backslash stands before a closing quote it would escape it: CommandLineToArgvW's rules. */
function quotedForWindows(argument: string): string {
  if (!/[\s"]/.test(argument)) return argument;
  return `"${argument.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')}"`;
}

/** SMAppService, which takes no arguments: `wasOpenedAtLogin` tells such a start. */
function macService(app: Surroundings['app']): LoginItem {
  return {
    isOn: () => app.getLoginItemSettings().openAtLogin,
    set(openAtLogin) {
      app.setLoginItemSettings({ openAtLogin });
      if (openAtLogin && app.getLoginItemSettings().status === 'requires-approval') {
        throw new Error(
          'macOS waits for your consent: allow NoTokenLimit Desktop in System Settings, General, Login Items.',
        );
      }
    },
    renew: () => undefined,
  };
}
