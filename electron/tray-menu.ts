import type { MenuItemConstructorOptions } from 'electron';
import { APP_NAME } from './electron-parts.ts';
import { counted, useText } from './figures-text.ts';
import type { GatewayFacts } from './gateway-watch.ts';

export interface TrayActions {
  /** @param place a page of the panel, such as `/security`; without one the window shows what it showed */
  open(place?: string): void;
  copy(text: string): void;
  pause(): void;
  resume(): void;
  setStartAtLogin(on: boolean): void;
  quit(): void;
  /** Cuts running requests off. */
  quitNow(): void;
}

export interface TrayLook {
  picture: 'running' | 'paused' | 'attention';
  toolTip: string;
  menu: MenuItemConstructorOptions[];
}

/** What the tray shows. All of it is in the window too: some desktops show no tray. */
export function trayLook(facts: GatewayFacts, startAtLogin: boolean | null, actions: TrayActions): TrayLook {
  const state = stateText(facts);
  const menu =
    facts.state === 'draining' ? drainingMenu(state, actions) : fullMenu(state, facts, startAtLogin, actions);
  return { picture: pictureOf(facts), toolTip: `${APP_NAME}: ${state}`, menu };
}

function pictureOf({ state, unseenAlerts, pending }: GatewayFacts): TrayLook['picture'] {
  if (state !== 'running') return 'paused';
  return unseenAlerts > 0 || pending.length > 0 ? 'attention' : 'running';
}

function stateText({ state, runningRequests }: GatewayFacts): string {
  if (state === 'paused') return 'Paused';
  if (state === 'running') return 'Running';
  return runningRequests === 0
    ? 'Shutting down'
    : `Waiting for ${counted(runningRequests, 'request')} to end`;
}

function drainingMenu(state: string, { quitNow }: TrayActions): MenuItemConstructorOptions[] {
  return [{ label: state, enabled: false }, { type: 'separator' }, { label: 'Quit now', click: quitNow }];
}

function fullMenu(
  state: string,
  facts: GatewayFacts,
  startAtLogin: boolean | null,
  actions: TrayActions,
): MenuItemConstructorOptions[] {
  return [
    { label: `Open ${APP_NAME}`, click: () => actions.open() },
    { type: 'separator' },
    { label: state, enabled: false },
    ...(facts.today === null
      ? []
      : [{ label: `Today: ${useText(facts.today)}`, click: () => actions.open('/usage') }]),
    ...waiting(facts, actions),
    ...addresses(facts, actions),
    { type: 'separator' },
    facts.state === 'paused'
      ? { label: 'Resume', click: actions.resume }
      : { label: 'Pause', click: actions.pause },
    ...loginItem(startAtLogin, actions),
    { type: 'separator' },
    { label: 'Quit', click: actions.quit },
  ];
}

function waiting(
  { unseenAlerts, pending }: GatewayFacts,
  { open }: TrayActions,
): MenuItemConstructorOptions[] {
  const [first, ...others] = pending;
  const who = others.length === 0 ? first?.name : `${counted(pending.length, 'member')}`;
  return [
    ...(unseenAlerts === 0
      ? []
      : [{ label: `${counted(unseenAlerts, 'alert')} to look at`, click: () => open('/security') }]),
    ...(first === undefined
      ? []
      : [
          {
            label: `${who} ${others.length === 0 ? 'waits' : 'wait'} for approval`,
            click: () => open(others.length === 0 ? `/members?approve=${first.id}` : '/members'),
          },
        ]),
  ];
}

function addresses({ url }: GatewayFacts, { copy }: TrayActions): MenuItemConstructorOptions[] {
  if (url === null) return [];
  const style = (label: string, text: string) => ({ label: `${label}: ${text}`, click: () => copy(text) });
  return [
    {
      label: 'Copy the address',
      submenu: [style('OpenAI style', `${url}/api/v1`), style('Anthropic style', `${url}/api`)],
    },
  ];
}

function loginItem(startAtLogin: boolean | null, actions: TrayActions): MenuItemConstructorOptions[] {
  if (startAtLogin === null) return [];
  return [
    {
      label: 'Start at login',
      type: 'checkbox',
      checked: startAtLogin,
      click: () => actions.setStartAtLogin(!startAtLogin),
    },
  ];
}
