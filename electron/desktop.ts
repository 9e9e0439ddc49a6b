import { join } from 'node:path';
import type { ServeOptions } from '../gateway/cli/serve-options.ts';
import { defaultDataDir } from '../gateway/data-dir.ts';
import { alertNotice } from './alert-notice.ts';
import { setAppMenu } from './app-menu.ts';
import { desktopAdapter } from './desktop-adapter.ts';
import { APP_NAME, type ElectronParts } from './electron-parts.ts';
import { endOnFault } from './faults.ts';
import { GatewayHost } from './gateway-host.ts';
import { tellOfHiding } from './hiding-notice.ts';
import { askGateway } from './in-process.ts';
import { listenOrAsk } from './listen.ts';
import { loginItem } from './login-item.ts';
import { systemNotifications } from './notifications.ts';
import { openGateway } from './open-gateway.ts';
import { servePanel } from './panel-protocol.ts';
import { wakeGateway } from './power.ts';
import { drainBeforeQuit } from './quit.ts';
import { confineSession } from './security.ts';
import { tellOfStart } from './start-notices.ts';
import { createTray } from './tray.ts';
import { loadUpdater } from './updates/load-updater.ts';
import { isSignedByDeveloper, updateWay } from './updates/update-way.ts';
import { appUpdates } from './updates.ts';
import { panelWindow } from './window.ts';
import { keptWishes } from './wishes.ts';

export interface DesktopOptions extends ServeOptions {
  panelDir: string;
  assetsDir: string;
  /** The shell's own folder in the data folder. */
  profile: string;
  /** Starts without a window. */
  hidden: boolean;
}

/** Puts the app together, once Electron is ready: what it is made of, in order. */
export async function runDesktop(electron: ElectronParts, options: DesktopOptions): Promise<void> {
  const { app, dialog, protocol, session, shell } = electron;
  const { dataDir, profile, assetsDir } = options;
  const icon = join(assetsDir, 'icon.png');
  const hidden = options.hidden || wasOpenedAtLogin(app);
  confineSession(session.defaultSession);

  const wishes = keptWishes(profile);
  const login = loginItem({
    ...{ app, platform: process.platform, environment: process.env, program: process.execPath },
    dataDir: dataDir === defaultDataDir({}) ? null : dataDir,
  });
  login.renew();
  const window = panelWindow(electron, {
    ...{ profile, icon, quit: () => app.quit() },
    closeHides: () => wishes.now.closeHides,
    onHidden: () => void tellOfHiding({ ...electron, notifications, wishes }),
  });
  const notifications = systemNotifications(electron, {
    icon,
    wanted: () => wishes.now.notifications,
    seen: () => window.isInUse,
    open: window.open,
  });
  const updates = appUpdates({
    way: await updateWay({
      ...{ platform: process.platform, isPackaged: app.isPackaged, environment: process.env },
      resources: process.resourcesPath,
      isSigned: () => isSignedByDeveloper(process.execPath),
    }),
    load: loadUpdater,
    quitInto: (last) => quit.into(last),
    onAvailable: (version, body) =>
      notifications.tell({ title: `Version ${version} is there`, body, place: '/settings' }),
  });
  const desktop = desktopAdapter({
    ...{ shell, wishes, updates, dataDir, loginItem: login },
    quit: () => app.quit(),
    onChange: () => tray.redraw(),
  });

  const host = new GatewayHost({
    open: (before) =>
      openGateway(electron, {
        ...{ dataDir, panelDir: options.panelDir, logLevel: options.logLevel },
        ...{ vault: options.vault, vaultPassphrase: options.vaultPassphrase },
        systemProxy: (url) => session.defaultSession.resolveProxy(url),
        desktop,
        restart: () => void host.restart().then((runs) => runs || app.exit(0)),
        ...(before === null ? {} : { sessions: before.sessions }),
      }),
    listen: (gateway, before) =>
      listenOrAsk(gateway, dialog, { ...options, before: before?.address ?? null }),
    listener: {
      facts: (facts) => tray.show(facts),
      alert: (alert) =>
        notifications.tell(
          alertNotice(alert, (answer) => {
            void askGateway(host.app, `/alerts/${alert.id}/answer`, 'POST', { answer })
              .catch(() => window.open('/security'))
              .then(() => host.refresh());
          }),
        ),
      pending: ({ id, name }) =>
        notifications.tell({
          title: `${name} asks to join`,
          body: 'Approve or refuse in Members.',
          place: `/members?approve=${id}`,
        }),
    },
  });
  const quit = drainBeforeQuit(electron, {
    stop: (atOnce) => host.stop(atOnce),
    running: async () => {
      await host.refresh();
      return tray.facts?.runningRequests ?? 0;
    },
    window: () => window.shown,
    onQuit: () => window.letClose(),
  });
  const tray = createTray(electron, assetsDir, {
    open: window.open,
    copy: (text) => void electron.clipboard.writeText(text),
    pause: () => void askGateway(host.app, '/pause', 'POST').then(() => host.refresh()),
    resume: () => void askGateway(host.app, '/resume', 'POST').then(() => host.refresh()),
    refresh: () => void host.refresh(),
    startAtLogin: () => login.isOn(),
    setStartAtLogin: (startAtLogin) => void changeOrTell(dialog, () => desktop.change({ startAtLogin })),
    quit: () => app.quit(),
    quitNow: () => void host.stop(true),
  });

  if (!(await host.start())) {
    app.exit(0);
    return;
  }
  endOnFault(electron, host);
  servePanel(protocol, () => host.app);
  setAppMenu(electron, window.open);
  wakeGateway(electron.powerMonitor, () => host.gateway.wake());
  app.on('second-instance', (_event, argv) => {
    if (!argv.includes('--hidden')) window.open();
  });
  app.on('activate', () => window.open());
  updates.watch();
  if (!hidden) window.open();
  await tellOfStart({ ...electron, notifications, hidden, dataDir }, host.gateway);
}

/** On macOS the start at login takes no arguments. */
function wasOpenedAtLogin(app: ElectronParts['app']): boolean {
  return process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin;
}

async function changeOrTell(
  dialog: ElectronParts['dialog'],
  change: () => void | Promise<void>,
): Promise<void> {
  try {
    await change();
  } catch (error) {
    dialog.showErrorBox(APP_NAME, error instanceof Error ? error.message : String(error));
  }
}
