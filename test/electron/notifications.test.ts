import { EventEmitter } from 'node:events';
import type { NotificationConstructorOptions } from 'electron';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { alertNotice } from '../../electron/alert-notice.ts';
import type { ElectronParts } from '../../electron/electron-parts.ts';
import { systemNotifications } from '../../electron/notifications.ts';

const ALERT = { title: 'NoTokenLimit Desktop', body: 'A key was used elsewhere.', place: '/security' };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function notifications({ wanted = true, seen = false, isSupported = true } = {}) {
  const shown: (EventEmitter & { options: NotificationConstructorOptions })[] = [];
  const opened: string[] = [];
  class FakeNotification extends EventEmitter {
    static isSupported = () => isSupported;
    readonly options: NotificationConstructorOptions;
    constructor(options: NotificationConstructorOptions) {
      super();
      this.options = options;
    }
    show() {
      shown.push(this);
    }
  }
  const parts = { Notification: FakeNotification } as unknown as Pick<ElectronParts, 'Notification'>;
  const { tell, say } = systemNotifications(parts, {
    icon: 'icon.png',
    wanted: () => wanted,
    seen: () => seen,
    open: (place) => void opened.push(place),
  });
  return { tell, say, shown, opened };
}

test('an alert is shown, and a click opens its page', () => {
  const { tell, shown, opened } = notifications();
  tell(ALERT);
  vi.runAllTimers();
  expect(shown.map(({ options }) => options)).toEqual([
    { title: ALERT.title, body: ALERT.body, icon: 'icon.png' },
  ]);
  shown[0]?.emit('click');
  expect(opened).toEqual(['/security']);
});

test('an alert can be answered by its buttons', () => {
  const { tell, shown } = notifications();
  const given: string[] = [];
  const message = 'A key was used elsewhere.';
  tell(alertNotice({ message, answers: ['fine', 'block', 'suspend', 'revoke'] }, (one) => given.push(one)));
  vi.runAllTimers();
  expect(shown[0]?.options.actions?.map(({ text }) => text)).toEqual([
    ...['It’s fine', 'Block address', 'Suspend member', 'Revoke key'],
  ]);
  shown[0]?.emit('action', { actionIndex: 1 });
  shown[0]?.emit('action', { actionIndex: 9 });
  expect(given).toEqual(['block']);
});

test('a burst is told at once, not one by one', () => {
  const { tell, shown } = notifications();
  for (const body of ['First.', 'Second.', 'Third.']) tell({ ...ALERT, body });
  vi.runAllTimers();
  expect(shown).toHaveLength(1);
  expect(shown[0]?.options.body).toContain('First.');
  expect(shown[0]?.options.body).toContain('2 more notices');
  tell(ALERT);
  vi.runAllTimers();
  expect(shown).toHaveLength(2);
});

test.each([
  ['does not want to hear of it', { wanted: false }],
  ['looks at the window', { seen: true }],
  ['has a system that shows none', { isSupported: false }],
])('nothing is shown to an owner who %s', (_case, options) => {
  const { tell, shown } = notifications(options);
  tell(ALERT);
  vi.runAllTimers();
  expect(shown).toEqual([]);
});

test('what the app says of itself is shown whatever the owner wants to hear of the gateway', () => {
  const { say, shown } = notifications({ wanted: false, seen: true });
  expect(say(ALERT)).toBe(true);
  expect(shown).toHaveLength(1);
  expect(notifications({ isSupported: false }).say(ALERT)).toBe(false);
});
