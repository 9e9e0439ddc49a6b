import { join } from 'node:path';
import type { BrowserWindow as BrowserWindowType } from 'electron';
import { APP_NAME, type ElectronParts } from './electron-parts.ts';
import { PANEL_URL } from './panel-protocol.ts';
import { WINDOW_PREFERENCES } from './security.ts';
import { stateFile } from './state-file.ts';
import { boundsToOpenAt, LEAST_SIZE, WindowPlace } from './window-place.ts';

export interface PanelWindow {
  /**
   * Shows the panel, in front of other windows.
   * @param place a page of it, such as `/security`; without one it shows what it showed
   */
  open(place?: string): void;
  /** Whether its owner is looking at it. */
  readonly isInUse: boolean;
  /** What a box of the system may hang on; undefined while it is hidden. */
  readonly shown: BrowserWindowType | undefined;
  /** From now on closing the window closes it; until then it hides, and the gateway goes on. */
  letClose(): void;
}

export interface WindowOptions {
  /** The shell's own folder in the data folder. */
  profile: string;
  icon: string;
  /** Asked when the owner closes the window: whether it hides, or the app ends. */
  closeHides(): boolean;
  onHidden(): void;
  quit(): void;
}

/** A move or a resize tells many times: the place is kept when it has come to rest. */
const PLACE_RESTS_MS = 500;
/** A page that crashes again within this time stays as it is: showing it anew does not help. */
const CRASH_AGAIN_MS = 10_000;

/** The one window. It is made when it is first opened, and opens where it was. */
export function panelWindow(
  { BrowserWindow, nativeTheme, screen }: Pick<ElectronParts, 'BrowserWindow' | 'nativeTheme' | 'screen'>,
  { profile, icon, closeHides, onHidden, quit }: WindowOptions,
): PanelWindow {
  const file = stateFile(join(profile, 'window.json'), WindowPlace);
  let window: BrowserWindowType | undefined;
  let closing = false;

  function make(place: string | undefined): BrowserWindowType {
    const kept = file.read();
    const made = new BrowserWindow({
      ...boundsToOpenAt(kept, workAreas(screen)),
      title: APP_NAME,
      icon,
      minWidth: LEAST_SIZE.width,
      minHeight: LEAST_SIZE.height,
      show: false,
      autoHideMenuBar: true,
      // The page's own canvas, so that nothing flashes before it is there.
      backgroundColor: nativeTheme.shouldUseDarkColors ? '#161615' : '#FBFBFA',
      webPreferences: WINDOW_PREFERENCES,
    });
    made.once('ready-to-show', () => {
      if (kept.maximized) made.maximize();
      made.show();
    });
    keepPlace(made, file.write);
    showAgainAfterCrash(made);
    made.on('close', (event) => {
      if (closing) return;
      event.preventDefault();
      if (!closeHides()) return quit();
      made.hide();
      onHidden();
    });
    made.on('closed', () => {
      window = undefined;
    });
    void made.loadURL(addressOf(place));
    return made;
  }

  return {
    open(place) {
      if (window === undefined) {
        window = make(place);
        return;
      }
      if (place !== undefined) void window.loadURL(addressOf(place));
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
    get isInUse() {
      return window?.isVisible() === true && window.isFocused();
    },
    get shown() {
      return window?.isVisible() ? window : undefined;
    },
    letClose() {
      closing = true;
    },
  };
}

/** The panel's router reads the part after `#`; where that alone differs, the page stays and goes there. */
function addressOf(place: string | undefined): string {
  return place === undefined ? PANEL_URL : `${PANEL_URL}#${place}`;
}

function workAreas(screen: ElectronParts['screen']) {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id);
  return [primary, ...others].map(({ workArea }) => workArea);
}

function keepPlace(window: BrowserWindowType, keep: (place: WindowPlace) => void): void {
  let resting: NodeJS.Timeout | undefined;
  const keepNow = () => {
    clearTimeout(resting);
    if (!window.isDestroyed()) keep({ bounds: window.getNormalBounds(), maximized: window.isMaximized() });
  };
  const keepSoon = () => {
    clearTimeout(resting);
    resting = setTimeout(keepNow, PLACE_RESTS_MS);
  };
  for (const event of ['resize', 'move', 'maximize', 'unmaximize'] as const)
    window.on(event as 'resize', keepSoon);
  window.on('close', keepNow);
}

/** Without this a page whose process was ended (out of memory, say) stays white. */
function showAgainAfterCrash(window: BrowserWindowType): void {
  let crashedAt = -Infinity;
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    const again = performance.now() - crashedAt > CRASH_AGAIN_MS;
    crashedAt = performance.now();
    if (again && !window.isDestroyed()) window.webContents.reload();
  });
}
