import { EventEmitter } from 'node:events';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { UpdateWay } from '../../electron/updates/update-way.ts';
import { appUpdates, type Updater } from '../../electron/updates.ts';
import { until } from '../support/until.ts';

afterEach(() => void vi.useRealTimers());

/** Stands in for electron-updater, which asks the network. */
class FakeUpdater extends EventEmitter {
  autoDownload = true;
  autoInstallOnAppQuit = false;
  logger: unknown = console;
  version: string | null = null;
  readonly calls: string[] = [];
  readonly downloading = Promise.withResolvers<void>();

  async checkForUpdates() {
    this.calls.push('check');
    if (this.version === 'broken') {
      const error = new Error('getaddrinfo ENOTFOUND updates.example');
      this.emit('error', error);
      throw error;
    }
    return { isUpdateAvailable: this.version !== null, updateInfo: { version: this.version } };
  }
  async downloadUpdate() {
    this.calls.push('download');
    await this.downloading.promise;
    return [];
  }
  quitAndInstall(...given: unknown[]) {
    this.calls.push(`install ${given.join(' ')}`);
  }
}

function updates(way: UpdateWay, version: string | null = '2.0.0') {
  const updater = new FakeUpdater();
  updater.version = version;
  const told: string[] = [];
  const order: string[] = [];
  const made = appUpdates({
    way,
    load: async () => updater as unknown as Updater,
    quitInto(last) {
      order.push('drained');
      last();
    },
    onAvailable: (found, message) => void told.push(`${found} ${message}`),
  });
  return {
    updater,
    told,
    order,
    made,
    settled: (state: string) => until(state, () => made.state.state === state),
  };
}

test('found, downloaded, and put in place once requests have ended', async () => {
  const { updater, told, order, made, settled } = updates('replace');
  expect(made.state).toEqual({ state: 'none', version: null, message: null });
  await made.step();
  await settled('available');
  expect(made.state.version).toBe('2.0.0');
  expect(told).toHaveLength(1);

  await made.step();
  expect(made.state.state).toBe('downloading');
  updater.emit('download-progress', { percent: 43.7 });
  expect(made.state).toEqual({ state: 'downloading', version: '2.0.0', message: '43 %' });
  updater.downloading.resolve();
  await settled('ready');

  await made.step();
  expect(order).toEqual(['drained']);
  expect(updater.calls).toEqual(['check', 'download', 'install true true']);
  expect(updater).toMatchObject({ autoDownload: false, autoInstallOnAppQuit: true, logger: null });
});

test('an installation that cannot replace itself says that there is something, once, and where to get it', async () => {
  const { updater, told, made, settled } = updates('tell');
  await made.step();
  await settled('available');
  expect(made.state.message).toContain('get the new version where you got this one');
  await expect(made.step()).rejects.toThrow('cannot replace itself');
  expect(updater.calls).toEqual(['check']);
  expect(updater.autoInstallOnAppQuit).toBe(false);
  expect(told).toHaveLength(1);
});

test('without an address nothing is asked', async () => {
  vi.useFakeTimers();
  const { updater, made } = updates('none');
  made.watch();
  await vi.advanceTimersByTimeAsync(2 * 86_400_000);
  expect(made.state.state).toBe('unsupported');
  await expect(made.step()).rejects.toThrow('no address');
  expect(updater.calls).toEqual([]);
});

test('nothing newer is no news', async () => {
  const { told, made, updater, settled } = updates('replace', null);
  await made.step();
  await until('the answer', () => updater.calls.length === 1 && made.state.state === 'none');
  await settled('none');
  expect(told).toEqual([]);
});

test('an address that does not answer is told in words of our own, and can be tried again', async () => {
  const { updater, made, settled } = updates('replace', 'broken');
  await made.step();
  await settled('failed');
  expect(made.state.message).not.toContain('ENOTFOUND');
  updater.version = '2.0.0';
  await made.step();
  await settled('available');
});

test('a download that breaks off can be tried again', async () => {
  const { updater, made, settled } = updates('replace');
  await made.step();
  await settled('available');
  await made.step();
  updater.downloading.reject(new Error('sha512 checksum mismatch'));
  await settled('failed');
  expect(made.state).toMatchObject({ version: '2.0.0', message: expect.stringContaining('Try again') });
});

describe('now and then', () => {
  test('it looks by itself, soon after the start and once a day, and tells of a version once', async () => {
    vi.useFakeTimers();
    const { updater, told, made } = updates('replace');
    made.watch();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(updater.calls).toEqual(['check']);
    await vi.advanceTimersByTimeAsync(3 * 86_400_000);
    expect(updater.calls).toHaveLength(4);
    expect(told).toHaveLength(1);
  });

  test('but not while a download runs', async () => {
    vi.useFakeTimers();
    const { updater, made } = updates('replace');
    await made.step();
    await vi.advanceTimersByTimeAsync(0);
    await made.step();
    made.watch();
    await vi.advanceTimersByTimeAsync(2 * 86_400_000);
    expect(updater.calls).toEqual(['check', 'download']);
  });
});
