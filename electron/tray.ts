import { join } from 'node:path';
import type { Tray as TrayType } from 'electron';
import type { ElectronParts } from './desktop.ts';

export interface TrayActions {
  open: () => void;
  quit: () => void;
}

/**
 * The tray icon with its menu. On Linux a click may never be told (it depends on the desktop), so all it does
 * is in the menu too.
 * @param url the gateway's address, shown in the menu
 * @returns the tray; keep it, or the icon goes away with it
 */
export function createTray(
  { Tray, Menu }: Pick<ElectronParts, 'Tray' | 'Menu'>,
  assetsDir: string,
  url: string,
  { open, quit }: TrayActions,
): TrayType {
  // macOS colours a picture whose name ends in Template itself.
  const picture = process.platform === 'darwin' ? 'trayTemplate.png' : 'tray.png';
  const tray = new Tray(join(assetsDir, picture));
  tray.setToolTip('NoTokenLimit Desktop');
  tray.setContextMenu(
    Menu.buildFromTemplate([
      { label: 'Open NoTokenLimit', click: open },
      { label: `Running at ${url}`, enabled: false },
      { type: 'separator' },
      { label: 'Quit', click: quit },
    ]),
  );
  tray.on('click', open);
  return tray;
}
