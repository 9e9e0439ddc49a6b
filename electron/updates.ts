import type { AppUpdater } from 'electron-updater';
import type { DesktopUpdateState } from '../gateway/desktop-adapter.ts';
import type { UpdateWay } from './updates/update-way.ts';

/** What the updates need of electron-updater. */
export type Updater = Pick<
  AppUpdater,
  | 'autoDownload'
  | 'autoInstallOnAppQuit'
  | 'logger'
  | 'checkForUpdates'
  | 'downloadUpdate'
  | 'quitAndInstall'
  | 'on'
>;

export interface UpdateParts {
  way: UpdateWay;
  /** Loads it: it takes time, and most starts need none of it. */
  load: () => Promise<Updater>;
  /** Ends the app when requests have ended; `last` then replaces it. */
  quitInto: (last: () => void) => void;
  /** Told once for each version that is there. */
  onAvailable: (version: string, message: string) => void;
}

export interface Updates {
  readonly state: DesktopUpdateState;
  /** Looks for an update now and then. */
  watch(): void;
  /** The next step: looks, downloads, or restarts into it. Resolves when it is begun. */
  step(): Promise<void>;
}

const FIRST_LOOK_MS = 60_000;
const DAY_MS = 86_400_000;

const WHERE_TO_GET_IT =
  'This installation cannot replace itself: get the new version where you got this one.';

/** Looks for newer versions, and brings them where this installation can be replaced. */
export function appUpdates({ way, load, quitInto, onAvailable }: UpdateParts): Updates {
  const message = way === 'none' ? 'This installation has no address to look for updates at.' : null;
  let state: DesktopUpdateState = { state: way === 'none' ? 'unsupported' : 'none', version: null, message };
  let updater: Promise<Updater> | undefined;
  let told: string | null = null;

  function prepared(): Promise<Updater> {
    updater ??= load().then((loaded) => {
      loaded.autoDownload = false;
      // Whoever quits anyway has the new version at the next start.
      loaded.autoInstallOnAppQuit = way === 'replace';
      // It logs addresses and stacks; what matters of them is in the state.
      loaded.logger = null;
      // Without a listener an error would end the app; each call rejects too.
      loaded.on('error', () => undefined);
      loaded.on('download-progress', ({ percent }) => {
        if (state.state === 'downloading') state = { ...state, message: `${Math.floor(percent)} %` };
      });
      return loaded;
    });
    updater.catch(() => {
      updater = undefined;
    });
    return updater;
  }

  async function look(): Promise<void> {
    state = { state: 'checking', version: null, message: null };
    try {
      const found = await (await prepared()).checkForUpdates();
      if (!found?.isUpdateAvailable) {
        state = { state: 'none', version: null, message: null };
        return;
      }
      const { version } = found.updateInfo;
      const words = way === 'replace' ? null : WHERE_TO_GET_IT;
      state = { state: 'available', version, message: words };
      if (told !== version) onAvailable(version, words ?? 'Settings has it ready to download.');
      told = version;
    } catch {
      state = {
        state: 'failed',
        version: null,
        message: 'The address for updates did not answer as expected. Check the connection and try again.',
      };
    }
  }

  async function download(version: string | null): Promise<void> {
    state = { state: 'downloading', version, message: null };
    try {
      await (await prepared()).downloadUpdate();
      state = { state: 'ready', version, message: null };
    } catch {
      state = { state: 'failed', version, message: 'The download did not arrive whole. Try again.' };
    }
  }

  async function step(): Promise<void> {
    switch (state.state) {
      case 'unsupported':
        throw new Error(state.message ?? 'This installation cannot look for updates.');
      case 'none':
      case 'failed':
        return void look();
      case 'available':
        if (way !== 'replace') throw new Error(WHERE_TO_GET_IT);
        return void download(state.version);
      case 'ready': {
        const loaded = await prepared();
        return quitInto(() => loaded.quitAndInstall(true, true));
      }
      default:
        // Under way already.
        return;
    }
  }

  return {
    get state() {
      return state;
    },
    watch() {
      if (way === 'none') return;
      // A check must not get in the way of a download or a version that waits.
      const lookIfIdle = () => {
        if (['none', 'failed', 'available'].includes(state.state)) void look();
      };
      setTimeout(lookIfIdle, FIRST_LOOK_MS).unref();
      setInterval(lookIfIdle, DAY_MS).unref();
    },
    step,
  };
}
