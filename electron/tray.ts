import { join } from 'node:path';
import type { ElectronParts } from './electron-parts.ts';
import type { GatewayFacts } from './gateway-watch.ts';
import { type TrayActions, trayLook } from './tray-menu.ts';

export interface PanelTray {
  /** What it shows; null until the gateway was asked. */
  readonly facts: GatewayFacts | null;
  /** Shows how the gateway is now. */
  show(facts: GatewayFacts): void;
  /** A wish of the owner's has changed, or should have. */
  redraw(): void;
}

export interface TrayOptions extends TrayActions {
  /** Null where this installation has no such thing. */
  startAtLogin(): boolean | null;
  /** Asks the gateway how it is. */
  refresh(): void;
}

/**
 * The tray icon with its menu. On Linux a click may never be told (it depends on the desktop), so all it does
 * is in the menu too.
 */
export function createTray(
  { Tray, Menu, nativeTheme }: Pick<ElectronParts, 'Tray' | 'Menu' | 'nativeTheme'>,
  assetsDir: string,
  { startAtLogin, refresh, ...actions }: TrayOptions,
): PanelTray {
  const tray = new Tray(join(assetsDir, pictureFile('running', nativeTheme)));
  let facts: GatewayFacts | null = null;
  let shownPicture = '';
  let shownText = '';

  function draw(): void {
    if (facts === null) return;
    const { picture, toolTip, menu } = trayLook(facts, startAtLogin(), actions);
    const file = pictureFile(picture, nativeTheme);
    if (file !== shownPicture) tray.setImage(join(assetsDir, file));
    shownPicture = file;
    // A menu that is set anew closes under the pointer on some desktops.
    const text = JSON.stringify(menu);
    if (text === shownText) return;
    shownText = text;
    tray.setToolTip(toolTip);
    tray.setContextMenu(Menu.buildFromTemplate(menu));
  }

  if (process.platform !== 'darwin') tray.on('click', () => actions.open());
  // Whoever looks at the menu sees the figures of now soon after.
  tray.on('mouse-enter', refresh);
  nativeTheme.on('updated', draw);
  return {
    get facts() {
      return facts;
    },
    show(now) {
      facts = now;
      draw();
    },
    redraw() {
      // A checkbox moves by itself when it is clicked, whatever comes of it.
      shownText = '';
      draw();
    },
  };
}

/** macOS colours the template itself; Windows tells its taskbar's colour; a panel on Linux gets a plate below. */
function pictureFile(state: string, nativeTheme: ElectronParts['nativeTheme']): string {
  if (process.platform === 'darwin') return `tray-${state}-Template.png`;
  if (process.platform === 'linux') return `tray-${state}-plate.png`;
  return `tray-${state}-on-${nativeTheme.shouldUseDarkColorsForSystemIntegratedUI ? 'dark' : 'light'}.png`;
}
