import { ask } from './ask.ts';
import { APP_NAME, type ElectronParts } from './electron-parts.ts';
import type { Notifications } from './notifications.ts';
import type { KeptWishes } from './wishes.ts';

export interface HidingParts extends Pick<ElectronParts, 'app' | 'dialog'> {
  notifications: Pick<Notifications, 'say'>;
  wishes: KeptWishes;
}

/** Closing the window looks like quitting: what it does instead is said once. */
export async function tellOfHiding({ dialog, app, notifications, wishes }: HidingParts): Promise<void> {
  if (wishes.now.hidingTold) return;
  wishes.change({ hidingTold: true });
  const message = `${APP_NAME} goes on in the tray`;
  const detail =
    'Your tools can go on using the gateway. Start the app again to see this window; quit from the tray or in Settings.';
  if (notifications.say({ title: message, body: detail, place: '/settings' })) return;
  const answer = await ask(dialog, { type: 'info', message, detail, answers: { ok: 'OK', quit: 'Quit' } });
  if (answer === 'quit') app.quit();
}
