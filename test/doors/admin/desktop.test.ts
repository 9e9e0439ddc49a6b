import { describe, expect, it } from 'vitest';
import type { DesktopAdapter, DesktopState } from '../../../gateway/desktop-adapter.ts';
import { until } from '../../support/until.ts';
import { openAdmin } from './admin-app.ts';

/** A shell that does what it is asked, and keeps what that was. */
function shell(start: Partial<DesktopState> = {}) {
  const asked: unknown[] = [];
  const state: DesktopState = {
    ...{ startAtLogin: false, notifications: true, closeHides: true },
    update: { state: 'none', version: null, message: null },
    ...start,
  };
  const adapter: DesktopAdapter = {
    state: () => state,
    change: (change) => void asked.push(Object.assign(state, change)),
    async update() {
      state.update = { state: 'checking', version: null, message: null };
    },
    openDataFolder: () => void asked.push('folder'),
    quit: () => void asked.push('quit'),
  };
  return { adapter, asked, state };
}

describe('without the desktop app', () => {
  it('says so, and offers nothing', async () => {
    const { call } = await openAdmin();
    expect((await call('GET', '/desktop')).body).toMatchObject({
      ...{ available: false, startAtLogin: null, update: { state: 'unsupported' } },
    });
    const tries = [
      await call('PATCH', '/desktop', { notifications: false }),
      await call('POST', '/desktop/update'),
      await call('POST', '/desktop/open-data-folder'),
      await call('POST', '/desktop/quit'),
    ];
    for (const { status, body } of tries) {
      expect([status, body.error.code]).toEqual([409, 'conflict']);
      expect(body.error.message).toMatch(/^The gateway runs without the desktop app/);
    }
  });
});

describe('in the desktop app', () => {
  it('shows and changes how it behaves, and notes it', async () => {
    const { adapter, state } = shell();
    const { call } = await openAdmin({ system: { desktop: adapter } });
    expect((await call('GET', '/desktop')).body).toEqual({ available: true, ...state });
    expect((await call('GET', '/status')).body.desktop).toBe(true);
    const changed = await call('PATCH', '/desktop', { startAtLogin: true });
    expect(changed.body).toMatchObject({ startAtLogin: true, notifications: true });
    expect((await call('GET', '/changes')).body.data).toMatchObject([
      {
        ...{ action: 'desktop.update', subject: 'desktop' },
        ...{ before: { startAtLogin: false }, after: { startAtLogin: true, closeHides: true } },
      },
    ]);
  });

  it('does not start at login where that cannot be', async () => {
    const { adapter, asked } = shell({ startAtLogin: null });
    const { call } = await openAdmin({ system: { desktop: adapter } });
    const answer = await call('PATCH', '/desktop', { startAtLogin: true });
    expect([answer.status, answer.body.error.param, asked]).toEqual([409, 'startAtLogin', []]);
  });

  it('takes a step of an update, opens the folder, and quits after the answer', async () => {
    const { adapter, asked } = shell();
    const { call } = await openAdmin({ system: { desktop: adapter } });
    expect((await call('POST', '/desktop/update')).body.update.state).toBe('checking');
    expect((await call('POST', '/desktop/open-data-folder')).status).toBe(204);
    expect((await call('POST', '/desktop/quit')).status).toBe(204);
    await until('the end', () => asked.includes('quit'));
    expect(asked).toEqual(['folder', 'quit']);
  });

  it("tells the shell's own words when it fails", async () => {
    const { adapter } = shell();
    const openDataFolder = () => {
      throw new Error('There is no file manager here.');
    };
    const { call } = await openAdmin({ system: { desktop: { ...adapter, openDataFolder } } });
    const answer = await call('POST', '/desktop/open-data-folder');
    expect([answer.status, answer.body.error.message]).toEqual([409, 'There is no file manager here.']);
  });

  it.each([{ startAtLogin: 'yes' }, { quit: true }])('refuses %j', async (body) => {
    const { adapter } = shell();
    const { call } = await openAdmin({ system: { desktop: adapter } });
    expect((await call('PATCH', '/desktop', body)).status).toBe(400);
  });
});
