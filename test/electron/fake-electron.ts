import { EventEmitter } from 'node:events';
import type { BrowserWindowConstructorOptions, MenuItemConstructorOptions } from 'electron';
import type { ElectronParts } from '../../electron/desktop.ts';

export interface Message {
  message: string;
  detail: string;
  buttons: string[];
}

export interface FakeOptions {
  /** False where the app runs already. */
  first?: boolean;
  /** Which button the owner presses. */
  press?: (message: Message) => string;
}

/**
 * Stands in for Electron, whose program is not on every machine: keeps what the shell asks of it, and lets a
 * test play the events that Electron would send.
 */
export function fakeElectron({
  first = true,
  press = ({ buttons }) => buttons.at(-1) ?? '',
}: FakeOptions = {}) {
  const ended = Promise.withResolvers<number>();
  const handled = Promise.withResolvers<(request: Request) => Promise<Response>>();
  const windows: FakeWindow[] = [];
  const trays: FakeTray[] = [];
  const messages: Message[] = [];
  const errors: string[] = [];
  const paths = new Map<string, string>();
  const schemes: { scheme: string }[] = [];
  const clipboard = {
    text: '',
    writeText(text: string) {
      clipboard.text = text;
    },
  };

  const app = Object.assign(new EventEmitter(), {
    setPath: (name: string, path: string) => void paths.set(name, path),
    requestSingleInstanceLock: () => first,
    whenReady: async () => undefined,
    quit() {
      const event = cancellable();
      app.emit('before-quit', event);
      if (event.isCancelled) return;
      for (const window of windows) window.close();
      ended.resolve(0);
    },
    exit: (code: number) => ended.resolve(code),
  });

  class FakeWindow extends EventEmitter {
    readonly options: BrowserWindowConstructorOptions;
    url = '';
    isVisible = false;
    isClosed = false;

    constructor(options: BrowserWindowConstructorOptions) {
      super();
      this.options = options;
      windows.push(this);
    }
    async loadURL(url: string) {
      this.url = url;
      this.emit('ready-to-show');
    }
    show() {
      this.isVisible = true;
    }
    hide() {
      this.isVisible = false;
    }
    focus() {}
    isMinimized() {
      return false;
    }
    /** What the owner's click on the cross does. */
    close() {
      const event = cancellable();
      this.emit('close', event);
      if (event.isCancelled) return;
      this.isVisible = false;
      this.isClosed = true;
      this.emit('closed');
    }
  }

  class FakeTray extends EventEmitter {
    menu: MenuItemConstructorOptions[] = [];

    constructor() {
      super();
      trays.push(this);
    }
    setToolTip() {}
    setContextMenu(menu: MenuItemConstructorOptions[]) {
      this.menu = menu;
    }
    press(label: string) {
      const click = this.menu.find((item) => item.label === label)?.click as (() => void) | undefined;
      if (click === undefined) throw new Error(`the tray has no ${label}`);
      click();
    }
  }

  const defaultSession = {
    resolveProxy: async () => 'DIRECT',
    setPermissionRequestHandler() {},
    setPermissionCheckHandler() {},
    setDevicePermissionHandler() {},
  };
  const parts = {
    app,
    BrowserWindow: FakeWindow,
    clipboard,
    dialog: {
      async showMessageBox(message: Message) {
        messages.push(message);
        return { response: message.buttons.indexOf(press(message)) };
      },
      showErrorBox: (_title: string, text: string) => void errors.push(text),
    },
    Menu: { buildFromTemplate: (items: MenuItemConstructorOptions[]) => items, setApplicationMenu() {} },
    nativeTheme: { shouldUseDarkColors: false },
    protocol: {
      registerSchemesAsPrivileged: (given: { scheme: string }[]) => void schemes.push(...given),
      handle: (_scheme: string, handler: (request: Request) => Promise<Response>) => handled.resolve(handler),
    },
    session: { defaultSession },
    Tray: FakeTray,
  } as unknown as ElectronParts;

  return {
    ...{ parts, app, windows, trays, messages, errors, paths, schemes, clipboard },
    /** The exit code. */
    ended: ended.promise,
    /** Fetches as the page does. */
    fetch: async (url: string) => (await handled.promise)(new Request(url)),
  };
}

function cancellable() {
  const event = {
    isCancelled: false,
    preventDefault() {
      event.isCancelled = true;
    },
  };
  return event;
}
