import { globSync } from 'node:fs';
import type { MenuItemConstructorOptions } from 'electron';
import { expect } from 'vitest';
import type { StandInDesktop } from '../support/electron-host/desktop.ts';
import { until } from '../support/until.ts';
import { type StartedApp, standInTest, startStandIn } from './start-app.ts';

const SLOW = { timeout: 90_000 };

type App = StartedApp<StandInDesktop>;

const labels = ({ desktop }: App) =>
  desktop.look(({ record }) => record.trays[0]?.menu.flatMap(({ label }) => label ?? []) ?? []);
const picture = ({ desktop }: App) =>
  desktop.look(({ record }) => record.trays[0]?.image.replace(/^.*[\\/]/, ''));
const notices = ({ desktop }: App) =>
  desktop.look(({ record }) =>
    record.notifications.map(({ options }) => `${options.title}: ${options.body}`),
  );

async function press({ desktop }: App, label: string): Promise<void> {
  await desktop.look(({ record }, wanted) => {
    const items = record.trays[0]?.menu.flatMap((item) => [
      item,
      ...((item.submenu as MenuItemConstructorOptions[]) ?? []),
    ]);
    const click = items?.find((item) => item.label === wanted)?.click as (() => void) | undefined;
    if (click === undefined) throw new Error(`the tray has no ${wanted}`);
    click();
  }, label);
}

const shows = (app: App, label: string) => until(label, async () => (await labels(app)).includes(label));

async function echo(app: App): Promise<number> {
  const { url } = await app.gateway();
  const { data } = (await app.admin('GET', '/members')) as { data: { id: string }[] };
  const { key } = (await app.admin('POST', '/keys', { memberId: data[0]?.id, name: 'Test' })) as {
    key: string;
  };
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'ntl/echo', messages: [{ role: 'user', content: 'hi' }] }),
  });
  return answer.status;
}

standInTest(
  'the tray tells how the gateway is, pauses it, and has its address and its use',
  SLOW,
  async () => {
    const app = await startStandIn({ args: ['--hidden'] });
    const { url } = await app.gateway();
    await shows(app, 'Running');
    expect(await picture(app)).toBe('tray-running-plate.png');
    await press(app, `Anthropic style: ${url}/api`);
    expect(await app.desktop.look(({ record }) => record.copied)).toBe(`${url}/api`);

    await press(app, 'Pause');
    await shows(app, 'Paused');
    expect(await picture(app)).toBe('tray-paused-plate.png');
    expect(await echo(app)).toBe(503);
    await press(app, 'Resume');
    await shows(app, 'Running');
    expect(await echo(app)).toBe(200);

    await app.desktop.look(({ record }) => record.trays[0]?.emit('mouse-enter'));
    await until('the use', async () =>
      (await labels(app)).some((label) => label.startsWith('Today: 1 request, ')),
    );

    expect(await app.desktop.look(({ windows }) => windows.length)).toBe(0);
    await press(app, 'Open NoTokenLimit Desktop');
    await until('the window', () => app.desktop.look(({ windows }) => windows[0]?.isVisible() ?? false));
    await press(app, 'Quit');
    expect(await app.desktop.exited).toBe(0);
  },
);

standInTest('start at login is the same in the tray, in the panel and on disk', SLOW, async () => {
  const app = await startStandIn({ args: ['--hidden'] });
  await app.gateway();
  const config = await app.desktop.evaluate(() => process.env.XDG_CONFIG_HOME ?? '');
  const files = () => globSync('autostart/notokenlimit-desktop-*.desktop', { cwd: config });
  const checked = () =>
    app.desktop.look(
      ({ record }) => record.trays[0]?.menu.find(({ label }) => label === 'Start at login')?.checked,
    );
  await shows(app, 'Start at login');
  expect(await checked()).toBe(false);
  await press(app, 'Start at login');
  expect(await checked()).toBe(true);
  expect(files()).toHaveLength(1);
  expect(await app.admin('PATCH', '/desktop', { startAtLogin: false })).toMatchObject({
    startAtLogin: false,
  });
  expect(await checked()).toBe(false);
  expect(files()).toEqual([]);
});

standInTest('alerts and people who ask to join are notified of, and a click shows them', SLOW, async () => {
  const app = await startStandIn({ args: ['--hidden'] });
  const { url } = await app.gateway();
  await shows(app, 'Running');
  await app.admin('POST', '/members', { name: 'Sol', status: 'pending' });
  await until('the notice', async () =>
    (await notices(app)).some((text) => text.startsWith('Sol asks to join')),
  );
  await shows(app, 'Sol waits for approval');
  expect(await picture(app)).toBe('tray-attention-plate.png');

  for (let guess = 0; guess < 25; guess += 1) {
    const headers = { authorization: `Bearer ntl_live_${String(guess).padStart(40, 'x')}` };
    await fetch(`${url}/v1/models`, { headers });
  }
  await until('the alert', async () =>
    (await notices(app)).some((text) => text.includes('Many wrong API keys')),
  );
  await shows(app, '1 alert to look at');
  await app.desktop.look(({ record }) => record.notifications.at(-1)?.emit('click'));
  const page = await app.desktop.page();
  await page.waitForURL(/#\/security$/);

  await app.admin('PATCH', '/desktop', { notifications: false });
  const before = (await notices(app)).length;
  await app.desktop.look(({ windows }) => windows[0]?.hide());
  await app.admin('POST', '/members', { name: 'Mia', status: 'pending' });
  await shows(app, '2 members wait for approval');
  expect(await notices(app)).toHaveLength(before);
  await app.desktop.look(({ record }) =>
    record.notifications.find(({ options }) => options.title?.startsWith('Sol'))?.emit('click'),
  );
  await page.waitForURL(/#\/members\?approve=\d+$/);
  await page.getByRole('dialog', { name: 'Approve Sol' }).waitFor();
});

standInTest.each([
  ['a notification', true],
  ['a box, where the system shows no notifications', false],
])('that closing hides is said once, by %s', SLOW, async (_case, notifications) => {
  const app = await startStandIn({ standIn: { notifications } });
  await app.gateway();
  const close = () => app.desktop.look(({ windows }) => windows[0]?.close());
  const said = () =>
    app.desktop.look(({ record }) => [
      ...record.notifications.map(({ options }) => options.title),
      ...record.boxes.map(({ options }) => options.message),
    ]);
  await until(
    'the window',
    () => app.desktop.look(({ windows }) => windows[0]?.isVisible() ?? false),
    30_000,
  );
  await close();
  await until('the words', async () => (await said()).length > 0);
  await press(app, 'Open NoTokenLimit Desktop');
  await close();
  expect(await said()).toEqual(['NoTokenLimit Desktop goes on in the tray']);
});
