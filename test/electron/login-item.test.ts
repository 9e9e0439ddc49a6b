import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App, LoginItemSettings, LoginItemSettingsOptions, Settings } from 'electron';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loginItem } from '../../electron/login-item.ts';

type Asked = Settings | LoginItemSettingsOptions | undefined;

/** What of Electron's `app` start at login needs. */
function fakeApp(isPackaged: boolean, facts: Partial<LoginItemSettings> = {}) {
  const asked: Asked[] = [];
  const told: Settings[] = [];
  const app = {
    isPackaged,
    getAppPath: () => '/source/of the app',
    getLoginItemSettings(options?: LoginItemSettingsOptions) {
      asked.push(options);
      const openAtLogin = told.at(-1)?.openAtLogin ?? false;
      return { openAtLogin, executableWillLaunchAtLogin: openAtLogin, status: 'enabled', ...facts };
    },
    setLoginItemSettings: (settings: Settings) => void told.push(settings),
  } as unknown as App;
  return { app, asked, told };
}

describe('on Windows', () => {
  const program = 'C:\\Program Files\\NoTokenLimit Desktop\\NoTokenLimit Desktop.exe';
  const surroundings = { platform: 'win32', environment: {}, program, dataDir: null } as const;

  test('path and arguments are quoted, when it is set and when it is looked for', () => {
    const { app, asked, told } = fakeApp(true);
    const item = loginItem({ app, ...surroundings, dataDir: 'D:\\my data\\' });
    item.set(true);
    expect(item.isOn()).toBe(true);
    const command = { path: `"${program}"`, args: ['--hidden', '"--data-dir=D:\\my data\\\\"'] };
    expect(told).toEqual([
      { openAtLogin: true, name: expect.stringMatching(/^com\.notokenlimit\.desktop-\w{12}$/), ...command },
    ]);
    expect(asked).toEqual([command]);
  });

  test('from sources Electron is told the folder', () => {
    const { app, told } = fakeApp(false);
    loginItem({ app, ...surroundings }).set(true);
    expect(told[0]?.args).toEqual(['"/source/of the app"', '--hidden']);
  });

  test('what the Task Manager switched off is off', () => {
    const { app } = fakeApp(true, { openAtLogin: true, executableWillLaunchAtLogin: false });
    expect(loginItem({ app, ...surroundings }).isOn()).toBe(false);
  });
});

describe('on macOS', () => {
  const surroundings = {
    platform: 'darwin',
    environment: {},
    program: '/Applications/N.app',
    dataDir: null,
  } as const;

  test('the system keeps it, and says where it waits for consent', () => {
    const { app, told } = fakeApp(true);
    const item = loginItem({ app, ...surroundings });
    item.set(true);
    expect(told).toEqual([{ openAtLogin: true }]);
    expect(item.isOn()).toBe(true);
    const waiting = loginItem({ app: fakeApp(true, { status: 'requires-approval' }).app, ...surroundings });
    expect(() => waiting.set(true)).toThrow('Login Items');
  });

  test('there is none for an app that runs from sources, nor for one that must be told its folder', () => {
    expect(loginItem({ app: fakeApp(false).app, ...surroundings }).isOn()).toBeNull();
    expect(loginItem({ app: fakeApp(true).app, ...surroundings, dataDir: '/elsewhere' }).isOn()).toBeNull();
  });
});

test('on Linux an AppImage is started by its own file, not by the program in its mount', () => {
  const home = mkdtempSync(join(tmpdir(), 'ntl-home-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const { app } = fakeApp(true);
  const environment = { HOME: home, APPIMAGE: '/home/ada/NoTokenLimit.AppImage' };
  const item = loginItem({
    app,
    platform: 'linux',
    environment,
    program: '/tmp/.mount_x/app',
    dataDir: null,
  });
  expect(item.isOn()).toBe(false);
  item.set(true);
  expect(item.isOn()).toBe(true);
});

test('apps with folders of their own do not get in each other’s way', () => {
  const home = mkdtempSync(join(tmpdir(), 'ntl-home-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const { app } = fakeApp(true);
  const surroundings = { app, platform: 'linux', environment: { HOME: home }, program: '/opt/app' } as const;
  loginItem({ ...surroundings, dataDir: '/data/one' }).set(true);
  expect(loginItem({ ...surroundings, dataDir: '/data/one' }).isOn()).toBe(true);
  expect(loginItem({ ...surroundings, dataDir: '/data/two' }).isOn()).toBe(false);
  expect(loginItem({ ...surroundings, dataDir: null }).isOn()).toBe(false);
});
