/** The stand-in for the module `electron`: what the app asks of it, and nothing else. `register.ts` puts it there. */
import { EventEmitter } from 'node:events';
import type { AutoUpdater, Net, Protocol } from 'electron';
import { StandInApp, strictApp } from './app.ts';
import { browserWindowClass, closeAllWindows, openWindows } from './browser-window.ts';
import { ChromiumHost } from './chromium-host.ts';
import { answerTheTest } from './control.ts';
import {
  clipboard,
  dialog,
  MenuClass,
  NotificationClass,
  nativeTheme,
  powerMonitor,
  record,
  screen,
  shell,
  TrayClass,
} from './desktop-parts.ts';
import { requestByNode } from './net.ts';
import { SchemeDoor } from './scheme-door.ts';
import { StandInSession } from './session.ts';
import { strict } from './strict.ts';

const door = new SchemeDoor();
const chromium = new ChromiumHost(door);
const standInApp = new StandInApp(process.env.NTL_TEST_APP_ROOT ?? process.cwd());
const defaultSession = new StandInSession();
const schemes: Electron.CustomScheme[] = [];

export const app = strictApp(standInApp);
export const session = strict<typeof Electron.Session>('session', {
  defaultSession: defaultSession.asElectron(),
  // electron-updater's, which asks the network by `net` below.
  fromPartition: (name) => strict<Electron.Session>(`session ${name}`, {}),
});
export const net = strict<Net>('net', { request: requestByNode as unknown as Net['request'] });
export const protocol = strict<Protocol>('protocol', {
  registerSchemesAsPrivileged: (given) => void schemes.push(...given),
  handle: (scheme, handler) => door.handle(scheme, handler as never),
});
export const BrowserWindow = browserWindowClass({
  chromium,
  app: standInApp,
  profile: () => standInApp.getPath('userData'),
  outside: (url) => door.outside(url),
  mayLoad: (url) => defaultSession.mayLoad(url),
  mayWriteToClipboard: () => defaultSession.mayHave('clipboard-sanitized-write', 'app://panel'),
});
export const Menu = MenuClass;
export const Tray = TrayClass;
export const Notification = NotificationClass;
/** electron-updater tells it of what it does. */
export const autoUpdater = strict<AutoUpdater>(
  'autoUpdater',
  new EventEmitter() as unknown as Partial<AutoUpdater>,
);
export { clipboard, dialog, nativeTheme, powerMonitor, screen, shell };

standInApp.start(() => door.open(), { closeWindows: closeAllWindows, close: () => chromium.close() });
answerTheTest(
  { app, BrowserWindow, clipboard, dialog, nativeTheme, powerMonitor, protocol, screen, session, shell },
  {
    record,
    app: standInApp.record,
    schemes,
    get windows() {
      return openWindows();
    },
    get debugging() {
      return chromium.debugging;
    },
  },
);
