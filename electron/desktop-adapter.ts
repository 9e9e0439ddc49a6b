import type { Shell } from 'electron';
import type { DesktopAdapter } from '../gateway/desktop-adapter.ts';
import type { LoginItem } from './login-item.ts';
import type { Updates } from './updates.ts';
import type { KeptWishes } from './wishes.ts';

export interface AdapterParts {
  shell: Pick<Shell, 'openPath'>;
  loginItem: LoginItem;
  wishes: KeptWishes;
  updates: Pick<Updates, 'state' | 'step'>;
  dataDir: string;
  quit: () => void;
  /** The tray shows some of it too. */
  onChange: () => void;
}

/** What the panel may ask of the shell, by the gateway's routes under `/admin/api/desktop`. */
export function desktopAdapter(parts: AdapterParts): DesktopAdapter {
  const { shell, loginItem, wishes, updates, dataDir, quit, onChange } = parts;
  return {
    state() {
      const { notifications, closeHides } = wishes.now;
      return { startAtLogin: loginItem.isOn(), notifications, closeHides, update: updates.state };
    },
    change({ startAtLogin, ...wanted }) {
      try {
        wishes.change(wanted);
        if (startAtLogin !== undefined) loginItem.set(startAtLogin);
      } finally {
        onChange();
      }
    },
    update: updates.step,
    async openDataFolder() {
      const problem = await shell.openPath(dataDir);
      if (problem !== '')
        throw new Error(`The folder ${dataDir} could not be opened: this system has no program for it.`);
    },
    quit,
  };
}
