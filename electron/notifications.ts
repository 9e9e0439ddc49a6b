import type { Notification as NotificationType } from 'electron';
import { APP_NAME, type ElectronParts } from './electron-parts.ts';

export interface Notice {
  title: string;
  body: string;
  /** The page of the panel that a click opens. */
  place: string;
  /** Buttons, on systems whose notifications have some: macOS and Windows. */
  actions?: readonly { label: string; run: () => void }[];
}

export interface Notifications {
  /** Of the gateway's life, if the owner wants to hear of it and is not looking at the window. */
  tell(notice: Notice): void;
  /** Of the app itself, such as that it goes on in the tray. @returns false where this system shows none */
  say(notice: Notice): boolean;
}

export interface NotificationOptions {
  icon: string;
  /** The owner's wish. */
  wanted(): boolean;
  /** Whether the owner looks at the window, where it shows anyway. */
  seen(): boolean;
  open(place: string): void;
}

/** What comes within this time is told together: a burst must not bury the screen. */
const TOGETHER_MS = 1_000;

/** Notifications of the system. */
export function systemNotifications(
  { Notification }: Pick<ElectronParts, 'Notification'>,
  { icon, wanted, seen, open }: NotificationOptions,
): Notifications {
  /** Without a reference the click would be lost with the garbage. */
  const shown = new Set<NotificationType>();
  let waiting: Notice[] = [];

  function say({ title, body, place, actions = [] }: Notice): boolean {
    if (!Notification.isSupported()) return false;
    const notification = new Notification({
      ...{ title, body, icon },
      ...(actions.length === 0
        ? {}
        : { actions: actions.map(({ label }) => ({ type: 'button' as const, text: label })) }),
    });
    shown.add(notification);
    notification.on('click', () => open(place));
    notification.on('action', ({ actionIndex }) => actions[actionIndex]?.run());
    for (const event of ['click', 'action', 'close', 'failed'] as const) {
      notification.on(event as 'close', () => shown.delete(notification));
    }
    notification.show();
    return true;
  }

  function sayTogether(): void {
    const [first, ...others] = waiting;
    waiting = [];
    if (first === undefined) return;
    if (others.length === 0) return void say(first);
    const more = `${others.length} more ${others.length === 1 ? 'notice' : 'notices'} in the panel.`;
    say({ title: APP_NAME, body: `${first.title}: ${first.body}\n${more}`, place: first.place });
  }

  return {
    say,
    tell(notice) {
      if (!wanted() || seen()) return;
      waiting.push(notice);
      if (waiting.length === 1) setTimeout(sayTogether, TOGETHER_MS);
    },
  };
}
