/** Where the desktop app's updates stand. */
export interface DesktopUpdateState {
  /** `unsupported`: this installation cannot update itself. */
  state: 'unsupported' | 'none' | 'checking' | 'available' | 'downloading' | 'ready' | 'failed';
  /** The newer version, once it is known. */
  version: string | null;
  /** For people: what went wrong, or where to get it. */
  message: string | null;
}

export interface DesktopPreferences {
  /** Null where this system or installation has no such thing. */
  startAtLogin: boolean | null;
  /** Whether alerts show as notifications of the system. */
  notifications: boolean;
  /** Whether closing the window leaves the gateway running in the tray. */
  closeHides: boolean;
}

export interface DesktopState extends DesktopPreferences {
  update: DesktopUpdateState;
}

export interface DesktopChange {
  startAtLogin?: boolean;
  notifications?: boolean;
  closeHides?: boolean;
}

/**
 * What the control panel may ask of the desktop app around the gateway. The shell hands one in as
 * `GatewayOptions.desktop`; a headless gateway has none.
 *
 * An Error thrown by `change`, `update` or `openDataFolder` becomes an answer: its message must be for people,
 * without secrets.
 */
export interface DesktopAdapter {
  state(): DesktopState | Promise<DesktopState>;
  /** Applies what is given and keeps it for later starts. Never asked for `startAtLogin` where that is null. */
  change(change: DesktopChange): void | Promise<void>;
  /**
   * The next step from where updates stand: looks for one, begins its download, or restarts into it. Resolves as
   * soon as the step is begun; `state` tells of the rest.
   */
  update(): void | Promise<void>;
  openDataFolder(): void | Promise<void>;
  /** Ends the app. Called once the answer to whoever asked is on its way. */
  quit(): void;
}
