import type { MenuItemConstructorOptions } from 'electron';
import { APP_NAME, type ElectronParts } from './electron-parts.ts';

/**
 * The menu of the app. macOS needs it for copy, paste and quit; elsewhere it comes with Alt, and its keys always work:
 * zoom above all.
 */
export function setAppMenu({ app, Menu }: Pick<ElectronParts, 'app' | 'Menu'>, open: () => void): void {
  const view: MenuItemConstructorOptions[] = [
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    // On most keyboards plus is shifted: Ctrl and = is what people press.
    { role: 'zoomIn', accelerator: 'CommandOrControl+=', visible: false, acceleratorWorksWhenHidden: true },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
    { type: 'separator' },
    { role: 'reload' },
    ...(app.isPackaged ? [] : [{ role: 'toggleDevTools' } as const]),
  ];
  const file: MenuItemConstructorOptions[] = [
    { label: `Open ${APP_NAME}`, click: open },
    { role: 'close' },
    { role: 'quit' },
  ];
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      process.platform === 'darwin'
        ? [
            { role: 'appMenu' },
            { role: 'fileMenu' },
            { role: 'editMenu' },
            { label: 'View', submenu: view },
            { role: 'windowMenu' },
          ]
        : [{ label: 'File', submenu: file }, { role: 'editMenu' }, { label: 'View', submenu: view }],
    ),
  );
}
