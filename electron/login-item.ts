import type { App } from 'electron';
import { xdgAutostart } from './login-item/xdg-autostart.ts';

/** Whether the app starts when its owner signs in to the computer; the system keeps it. */
export interface LoginItem {
  /** @returns null where this installation has no way to it */
  isOn(): boolean | null;
  /** @throws an error for people where the system does not take it */
  set(on: boolean): void;
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
  const { app, platform, environment, program } = surroundings;
  const args = startArguments(surroundings);
  if (platform === 'linux') {
    // An AppImage runs from a mount that is gone after it; APPIMAGE names the file itself.
    return xdgAutostart([environment.APPIMAGE || program, ...args], environment);
  }
  if (platform === 'win32') return windowsRunKey(app, program, args);
  // macOS starts bundles, and from sources Electron's own would be started.
  return platform === 'darwin' && app.isPackaged ? macService(app) : NONE;
}

const NONE: LoginItem = { isOn: () => null, set: () => undefined };

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
function windowsRunKey(app: Surroundings['app'], program: string, given: readonly string[]): LoginItem {
  const command = { path: `"${program}"`, args: given.map(quotedForWindows) };
  return {
    isOn() {
      const { openAtLogin, executableWillLaunchAtLogin } = app.getLoginItemSettings(command);
      return openAtLogin && executableWillLaunchAtLogin;
    },
    set: (openAtLogin) => app.setLoginItemSettings({ openAtLogin, ...command }),
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
  };
}
