import type { BrowserWindow as BrowserWindowType } from 'electron';
import type { ElectronParts } from './desktop.ts';
import { PANEL_URL } from './panel-protocol.ts';
import { WINDOW_PREFERENCES } from './security.ts';

export interface PanelWindow {
  /** Shows the panel, in front of other windows. */
  open(): void;
  /** From now on closing the window closes it; until then it hides, and the gateway goes on. */
  letClose(): void;
}

/** The one window. It is made when it is first opened. */
export function panelWindow(
  { BrowserWindow, nativeTheme }: Pick<ElectronParts, 'BrowserWindow' | 'nativeTheme'>,
  icon: string,
): PanelWindow {
  let window: BrowserWindowType | undefined;
  let closing = false;

  function make(): BrowserWindowType {
    const made = new BrowserWindow({
      title: 'NoTokenLimit Desktop',
      icon,
      width: 1280,
      height: 800,
      minWidth: 720,
      minHeight: 480,
      show: false,
      // The page's own canvas, so that nothing flashes before it is there.
      backgroundColor: nativeTheme.shouldUseDarkColors ? '#161615' : '#FBFBFA',
      webPreferences: WINDOW_PREFERENCES,
    });
    made.once('ready-to-show', () => made.show());
    made.on('close', (event) => {
      if (closing) return;
      event.preventDefault();
      made.hide();
    });
    made.on('closed', () => {
      window = undefined;
    });
    void made.loadURL(PANEL_URL);
    return made;
  }

  return {
    open() {
      if (window === undefined) {
        window = make();
        return;
      }
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
    letClose() {
      closing = true;
    },
  };
}
