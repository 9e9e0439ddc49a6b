import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, test } from 'vitest';
import type { GatewayFacts } from '../../electron/gateway-watch.ts';
import { type TrayActions, trayLook } from '../../electron/tray-menu.ts';

const FACTS: GatewayFacts = {
  state: 'running',
  url: 'http://127.0.0.1:7411',
  today: { requests: 2, tokens: 300, costMicros: 10_000 },
  runningRequests: 0,
  unseenAlerts: 0,
  pending: [],
};

/** A menu that tells what was pressed. */
function menuOf(facts: Partial<GatewayFacts>, startAtLogin: boolean | null = false) {
  const pressed: unknown[][] = [];
  const actions = new Proxy({} as TrayActions, {
    get:
      (_target, name) =>
      (...given: unknown[]) =>
        void pressed.push([name, ...given]),
  });
  const { menu, picture, toolTip } = trayLook({ ...FACTS, ...facts }, startAtLogin, actions);
  const all = (items: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
    items.flatMap((item) => [item, ...all((item.submenu as MenuItemConstructorOptions[]) ?? [])]);
  const items = all(menu);
  return {
    picture,
    toolTip,
    labels: items.flatMap(({ label }) => label ?? []),
    item: (label: string) => items.find((item) => item.label === label),
    press(label: string) {
      const click = items.find((item) => item.label === label)?.click as (() => void) | undefined;
      if (click === undefined) throw new Error(`nothing to press: ${label}`);
      click();
      return pressed.splice(0);
    },
  };
}

test('all is in it: state, use, addresses, pause, start at login, open, quit', () => {
  const { labels, picture, toolTip } = menuOf({});
  expect(labels).toEqual([
    'Open NoTokenLimit Desktop',
    'Running',
    'Today: 2 requests, 300 tokens, $0.01',
    'Copy the address',
    'OpenAI style: http://127.0.0.1:7411/api/v1',
    'Anthropic style: http://127.0.0.1:7411/api',
    'Pause',
    'Start at login',
    'Quit',
  ]);
  expect(picture).toBe('running');
  expect(toolTip).toBe('NoTokenLimit Desktop: Running');
});

test('each item does what it says', () => {
  const { press } = menuOf({ unseenAlerts: 2, pending: [{ id: '4', name: 'Sol' }] });
  expect(press('Open NoTokenLimit Desktop')).toEqual([['open']]);
  expect(press('Today: 2 requests, 300 tokens, $0.01')).toEqual([['open', '/usage']]);
  expect(press('2 alerts to look at')).toEqual([['open', '/security']]);
  expect(press('Sol waits for approval')).toEqual([['open', '/members?approve=4']]);
  expect(press('OpenAI style: http://127.0.0.1:7411/api/v1')).toEqual([
    ['copy', 'http://127.0.0.1:7411/api/v1'],
  ]);
  expect(press('Pause')).toEqual([['pause']]);
  expect(press('Start at login')).toEqual([['setStartAtLogin', true]]);
  expect(press('Quit')).toEqual([['quit']]);
});

test('a paused gateway can be resumed, and its icon tells', () => {
  const { labels, picture, press } = menuOf({ state: 'paused', unseenAlerts: 1 });
  expect(labels).toContain('Paused');
  expect(labels).not.toContain('Pause');
  expect(press('Resume')).toEqual([['resume']]);
  expect(picture).toBe('paused');
});

test('while requests are waited for there is one thing to do', () => {
  expect(menuOf({ state: 'draining', runningRequests: 2 }).labels).toEqual([
    'Waiting for 2 requests to end',
    'Quit now',
  ]);
  expect(menuOf({ state: 'draining' }).press('Quit now')).toEqual([['quitNow']]);
});

describe('what waits for the owner', () => {
  test.each([
    [{ unseenAlerts: 1 }, '1 alert to look at'],
    [{ pending: [{ id: '1', name: 'Sol' }] }, 'Sol waits for approval'],
    [
      {
        pending: [
          { id: '1', name: 'Sol' },
          { id: '2', name: 'Mia' },
        ],
      },
      '2 members wait for approval',
    ],
  ])('%j is told', (facts, label) => {
    const { labels, picture } = menuOf(facts);
    expect(labels).toContain(label);
    expect(picture).toBe('attention');
  });
});

test('start at login is a checkbox, where there is such a thing', () => {
  expect(menuOf({}, true).item('Start at login')).toMatchObject({ type: 'checkbox', checked: true });
  expect(menuOf({}, null).labels).not.toContain('Start at login');
});

test('a gateway that listens nowhere has no address to copy', () => {
  expect(menuOf({ url: null, today: null }).labels).toEqual([
    'Open NoTokenLimit Desktop',
    'Running',
    'Pause',
    'Start at login',
    'Quit',
  ]);
});
