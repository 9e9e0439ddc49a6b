import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import type {
  Clipboard,
  Dialog,
  Display,
  Menu,
  MenuItemConstructorOptions,
  MessageBoxOptions,
  NativeTheme,
  Notification,
  NotificationConstructorOptions,
  PowerMonitor,
  Screen,
  Shell,
  Tray,
} from 'electron';
import { readSettings } from './settings.ts';
import { strict, strictClass } from './strict.ts';

export interface OpenBox {
  options: MessageBoxOptions;
  answer(label: string): void;
}

/** What the parts without a page were asked for, in order. */
export const record = {
  boxes: [] as OpenBox[],
  errorBoxes: [] as string[],
  copied: null as string | null,
  openedOutside: [] as string[],
  openedPaths: [] as string[],
  notifications: [] as StandInNotification[],
  trays: [] as StandInTray[],
  appMenu: null as MenuItemConstructorOptions[] | null,
};

export const dialog = strict<Dialog>('dialog', {
  /** Stays open until a test answers it, or its signal takes it away. */
  showMessageBox(...given: unknown[]) {
    const options = given.at(-1) as MessageBoxOptions;
    const { buttons = [], cancelId = 0, signal } = options;
    return new Promise((resolve) => {
      const close = (response: number) => {
        record.boxes = record.boxes.filter((box) => box !== shown);
        resolve({ response, checkboxChecked: false });
      };
      const shown: OpenBox = {
        options,
        answer(label) {
          const response = buttons.indexOf(label);
          if (response < 0) throw new Error(`the box has no ${label}, but ${buttons.join(', ')}`);
          close(response);
        },
      };
      record.boxes.push(shown);
      signal?.addEventListener('abort', () => close(cancelId));
    });
  },
  showErrorBox: (title: string, content: string) => void record.errorBoxes.push(`${title}: ${content}`),
});

export const clipboard = strict<Clipboard>('clipboard', {
  async writeText(text: string) {
    record.copied = text;
  },
});

export const shell = strict<Shell>('shell', {
  openExternal: async (url: string) => void record.openedOutside.push(url),
  async openPath(path: string) {
    record.openedPaths.push(path);
    return '';
  },
});

/** A menu is what it was made of, and can be pressed. */
class StandInMenu {
  readonly template: MenuItemConstructorOptions[];

  constructor(template: MenuItemConstructorOptions[]) {
    this.template = template;
  }
  static buildFromTemplate(template: MenuItemConstructorOptions[]) {
    return new StandInMenu(template);
  }
  static setApplicationMenu(menu: StandInMenu | null) {
    record.appMenu = menu?.template ?? null;
  }
  popup() {}
}
export const MenuClass = strictClass<typeof Menu>('Menu', StandInMenu);

class StandInTray extends EventEmitter {
  image = '';
  toolTip = '';
  menu: MenuItemConstructorOptions[] = [];

  constructor(image: string) {
    super();
    this.setImage(image);
    record.trays.push(this);
  }
  setImage(image: string) {
    if (!existsSync(image)) throw new Error(`the tray's picture ${image} is not there`);
    this.image = image;
  }
  setToolTip(toolTip: string) {
    this.toolTip = toolTip;
  }
  setContextMenu(menu: StandInMenu) {
    this.menu = menu.template;
  }
}
export const TrayClass = strictClass<typeof Tray>('Tray', StandInTray as never);

class StandInNotification extends EventEmitter {
  readonly options: NotificationConstructorOptions;

  constructor(options: NotificationConstructorOptions) {
    super();
    this.options = options;
  }
  static isSupported() {
    return readSettings().notifications ?? true;
  }
  show() {
    record.notifications.push(this);
  }
}
export const NotificationClass = strictClass<typeof Notification>(
  'Notification',
  StandInNotification as never,
);

const theme = new EventEmitter();
export const nativeTheme = strict<NativeTheme>(
  'nativeTheme',
  Object.assign(theme, {
    shouldUseDarkColors: readSettings().dark ?? false,
    shouldUseDarkColorsForSystemIntegratedUI: readSettings().dark ?? false,
  }) as unknown as Partial<NativeTheme>,
);

export const powerMonitor = strict<PowerMonitor>(
  'powerMonitor',
  new EventEmitter() as unknown as Partial<PowerMonitor>,
);

const displays = (readSettings().displays ?? [{ x: 0, y: 0, width: 1920, height: 1080 }]).map(
  (workArea, id) => ({ id, workArea, bounds: workArea }) as Display,
);
export const screen = strict<Screen>('screen', {
  getAllDisplays: () => displays,
  getPrimaryDisplay: () => displays[0] as Display,
});
