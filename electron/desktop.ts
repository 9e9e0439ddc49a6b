import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { explain } from '../gateway/cli/failures.ts';
import { readServeOptions, type ServeOptions } from '../gateway/cli/serve-options.ts';
import { createGateway } from '../gateway/gateway.ts';
import { showFirstKey } from './first-key.ts';
import { listenOrAsk } from './listen.ts';
import { registerPanelScheme, servePanel } from './panel-protocol.ts';
import { drainBeforeQuit } from './quit.ts';
import { confinePages, denyPermissions } from './security.ts';
import { createTray } from './tray.ts';
import { panelWindow } from './window.ts';

/** The parts of Electron that the shell uses, handed in so that tests can stand in for them. */
export type ElectronParts = Pick<
  typeof import('electron'),
  'app' | 'BrowserWindow' | 'clipboard' | 'dialog' | 'Menu' | 'nativeTheme' | 'protocol' | 'session' | 'Tray'
>;

/** Where the build has put what is no module. */
export interface Places {
  /** Folder of the built panel. */
  panelDir: string;
  /** Folder of the icons. */
  assetsDir: string;
}

/**
 * Starts the desktop app: one instance a data folder, the gateway, its window and its tray.
 * @param environment the variables that `ntl serve` takes too
 */
export async function startDesktop(
  electron: ElectronParts,
  places: Places,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const { app, dialog } = electron;
  try {
    const options = readServeOptions({}, environment);
    if (!prepare(electron, options.dataDir)) {
      app.quit();
      return;
    }
    await app.whenReady();
    await run(electron, places, options);
  } catch (error) {
    const { message, exitCode } = explain(error);
    dialog.showErrorBox('NoTokenLimit Desktop cannot start', message);
    app.exit(exitCode);
  }
}

/**
 * What must be settled before Electron is ready. The lock and the window's profile go with the data folder:
 * an app with another folder is another app.
 * @returns false when the app already runs on this folder; that one opens its window
 */
function prepare({ app, protocol }: ElectronParts, dataDir: string): boolean {
  const profile = join(dataDir, 'desktop');
  mkdirSync(profile, { recursive: true, mode: 0o700 });
  app.setPath('userData', profile);
  registerPanelScheme(protocol);
  confinePages(app);
  // The gateway goes on without a window.
  app.on('window-all-closed', () => undefined);
  return app.requestSingleInstanceLock();
}

async function run(electron: ElectronParts, places: Places, options: ServeOptions): Promise<void> {
  const { app, dialog, Menu, protocol, session } = electron;
  const { dataDir, host, port, logLevel, vault, vaultPassphrase } = options;
  const { panelDir, assetsDir } = places;
  // macOS needs its menu for copy, paste and quit.
  if (process.platform !== 'darwin') Menu.setApplicationMenu(null);
  denyPermissions(session.defaultSession);
  const gateway = await createGateway({
    ...{ dataDir, logLevel, vault, vaultPassphrase, panelDir },
    systemProxy: (url) => session.defaultSession.resolveProxy(url),
  });
  const url = await listenOrAsk(gateway, dialog, host, port);
  if (url === null) {
    await gateway.stop();
    app.exit(0);
    return;
  }

  const window = panelWindow(electron, join(assetsDir, 'icon.png'));
  servePanel(protocol, gateway.app);
  drainBeforeQuit(app, gateway, () => window.letClose());
  app.on('second-instance', () => window.open());
  app.on('activate', () => window.open());
  createTray(electron, assetsDir, url, { open: () => window.open(), quit: () => app.quit() });
  window.open();
  if (gateway.firstKey !== null) await showFirstKey(electron, gateway.firstKey, url);
}
