/** The parts of Electron that the shell uses, handed in so that tests can stand in for them. */
export type ElectronParts = Pick<
  typeof import('electron'),
  | 'app'
  | 'BrowserWindow'
  | 'clipboard'
  | 'dialog'
  | 'Menu'
  | 'nativeTheme'
  | 'Notification'
  | 'powerMonitor'
  | 'protocol'
  | 'screen'
  | 'session'
  | 'shell'
  | 'Tray'
>;

export const APP_NAME = 'NoTokenLimit Desktop';

/** Windows knows an app's notifications by it; electron-builder.yml has the same. */
export const APP_ID = 'com.notokenlimit.desktop';
