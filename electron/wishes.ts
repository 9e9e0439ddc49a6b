import { join } from 'node:path';
import { z } from 'zod';
import { stateFile } from './state-file.ts';

const Wishes = z.object({
  /** Alerts show as notifications of the system. */
  notifications: z.boolean().default(true),
  /** Closing the window leaves the gateway running in the tray. */
  closeHides: z.boolean().default(true),
  /** The owner has been told that it does. */
  hidingTold: z.boolean().default(false),
});
export type Wishes = z.infer<typeof Wishes>;

/** What the owner wants of the shell, kept over a restart. */
export interface KeptWishes {
  readonly now: Readonly<Wishes>;
  change(wishes: Partial<Wishes>): void;
}

/** @param profile the shell's own folder in the data folder */
export function keptWishes(profile: string): KeptWishes {
  const file = stateFile(join(profile, 'wishes.json'), Wishes);
  let now = file.read();
  return {
    get now() {
      return now;
    },
    change(wishes) {
      now = { ...now, ...wishes };
      file.write(now);
    },
  };
}
