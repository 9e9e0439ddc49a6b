import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  app,
  BrowserWindow,
  clipboard,
  dialog,
  Menu,
  Notification,
  nativeTheme,
  powerMonitor,
  protocol,
  screen,
  session,
  shell,
  Tray,
} from 'electron';
import { explain } from '../gateway/cli/failures.ts';
import { readServeOptions } from '../gateway/cli/serve-options.ts';
import { addContextMenus } from './context-menu.ts';
import { runDesktop } from './desktop.ts';
import { APP_ID, APP_NAME } from './electron-parts.ts';
import { registerPanelScheme } from './panel-protocol.ts';
import { confinePages } from './security.ts';
import { readStartFlags } from './start-flags.ts';

const electron = {
  ...{ app, BrowserWindow, clipboard, dialog, Menu, Notification, nativeTheme },
  ...{ powerMonitor, protocol, screen, session, shell, Tray },
};

/** Where the build has put what is no module. */
const places = {
  panelDir: join(import.meta.dirname, '../panel'),
  assetsDir: join(import.meta.dirname, 'assets'),
};

// Not awaited: Electron is ready only once this module has run to its end.
void main();

/** One app a data folder: a second one lets the first open its window. */
async function main(): Promise<void> {
  try {
    const flags = readStartFlags(process.argv.slice(1));
    const options = readServeOptions({ dataDir: flags.dataDir }, process.env);
    const profile = prepare(options.dataDir);
    if (!app.requestSingleInstanceLock()) {
      app.quit();
      return;
    }
    await app.whenReady();
    await runDesktop(electron, { ...options, ...places, profile, hidden: flags.hidden });
  } catch (error) {
    const { message, exitCode } = explain(error);
    dialog.showErrorBox(`${APP_NAME} cannot start`, message);
    app.exit(exitCode);
  }
}

/**
 * What must be settled before Electron is ready. The lock and the window's profile go with the data folder:
 * an app with another folder is another app.
 * @returns the shell's own folder
 */
function prepare(dataDir: string): string {
  const profile = join(dataDir, 'desktop');
  mkdirSync(profile, { recursive: true, mode: 0o700 });
  app.setPath('userData', profile);
  if (process.platform === 'win32') app.setAppUserModelId(APP_ID);
  registerPanelScheme(protocol);
  confinePages(app, shell);
  addContextMenus({ app, Menu });
  // The gateway goes on without a window.
  app.on('window-all-closed', () => undefined);
  return profile;
}
