import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createGateway, type Gateway, ListenError } from '../../gateway/gateway.ts';
import { openPlain } from '../../gateway/store/sqlite.ts';
import { openStore, StoreError } from '../../gateway/store/store.ts';
import { noSmallDisk, setReadOnly, smallDisk } from '../store/small-disk.ts';
import { hashesBelow, scribble } from '../store/support.ts';
import { startGateway } from '../support/gateway.ts';
import { until } from '../support/until.ts';
import { launchGateway } from './gateway-process.ts';
import { dataFolder, MESSAGES, send, storedRows } from './support.ts';

const ECHO = { model: 'ntl/echo', messages: MESSAGES };

/** What `createGateway` refuses with. A gateway that opens against expectation is stopped. */
async function refusal(dataDir: string): Promise<StoreError> {
  const opened = createGateway({ dataDir, vault: 'file', logLevel: 'silent' });
  opened.then((gateway) => gateway.stop()).catch(() => undefined);
  const error = await opened.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StoreError);
  return error as StoreError;
}

/** A closed data folder. @returns the keys of its first start and of a member */
async function usedFolder(dataDir: string) {
  await using gateway = await startGateway({ dataDir });
  const { key } = await gateway.member();
  expect((await send(gateway.url, key, ECHO)).status).toBe(200);
  return { owner: gateway.key, member: key };
}

async function backUp(dataDir: string): Promise<void> {
  const store = await openStore({ dataDir });
  await store.backupNow();
  await store.close();
}

function withoutLock(hashes: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(hashes).filter(([path]) => !path.endsWith('instance.lock')));
}

describe('a damaged database', () => {
  it('is replaced by the newest backup: keys work, the owner is told, the damaged file is kept', async () => {
    const dataDir = dataFolder();
    const keys = await usedFolder(dataDir);
    await backUp(dataDir);
    scribble(join(dataDir, 'ntl.db'), 0, 8_192);
    const damaged = readFileSync(join(dataDir, 'ntl.db'));

    await using gateway = await startGateway({ dataDir });
    expect(gateway.gateway.notices).toMatchObject([{ kind: 'restored' }]);
    expect(gateway.gateway.firstKey).toBeNull();
    expect((await send(gateway.url, keys.owner, ECHO)).status).toBe(200);
    expect((await send(gateway.url, keys.member, ECHO)).status).toBe(200);
    const kept = Object.keys(hashesBelow(dataDir)).find((path) => path.includes('ntl.db.damaged-'));
    expect(readFileSync(kept ?? '').equals(damaged)).toBe(true);
  });

  it('without a backup makes a new start, which says that everything is gone', async () => {
    const dataDir = dataFolder();
    const keys = await usedFolder(dataDir);
    rmSync(join(dataDir, 'backups'), { recursive: true });
    scribble(join(dataDir, 'ntl.db'), 0, 8_192);
    await using gateway = await startGateway({ dataDir });
    expect(gateway.gateway.notices).toMatchObject([
      { kind: 'started_empty', message: expect.stringMatching(/members, keys, limits and history are gone/) },
    ]);
    expect((await send(gateway.url, gateway.key, ECHO)).status).toBe(200);
    expect((await send(gateway.url, keys.member, ECHO)).status).toBe(401);
  });

  it('met by a killed gateway’s successor: the log holds what the file does not', async () => {
    const dataDir = dataFolder();
    const keys = await usedFolder(dataDir);
    const killed = await launchGateway().open({ dataDir });
    const answered = await send(killed.url, keys.member, ECHO);
    await killed.kill();
    await using gateway = await startGateway({ dataDir });
    expect(gateway.gateway.notices).toEqual([]);
    expect(storedRows(dataDir).at(-1)).toMatchObject({ requestId: answered.requestId, status: 200 });
  });
});

describe('a data folder that cannot be used is left as it is', () => {
  it('written by a newer release', async () => {
    const dataDir = dataFolder();
    await usedFolder(dataDir);
    const db = openPlain(join(dataDir, 'ntl.db'), 0);
    db.pragma('user_version = 999');
    db.close();
    const before = withoutLock(hashesBelow(dataDir));
    const { code, message } = await refusal(dataDir);
    expect(code).toBe('newer_version');
    expect(message).toMatch(/newer|update/i);
    expect(withoutLock(hashesBelow(dataDir))).toEqual(before);
  });

  it('in use by another gateway, which goes on', async () => {
    const dataDir = dataFolder();
    await using running = await startGateway({ dataDir });
    const before = readFileSync(join(dataDir, 'runtime.json'), 'utf8');
    const { code, message } = await refusal(dataDir);
    expect(code).toBe('in_use');
    expect(message).toContain(running.url);
    expect(message).toContain(String(process.pid));
    expect(message).toContain('--data-dir');
    expect(readFileSync(join(dataDir, 'runtime.json'), 'utf8')).toBe(before);
    expect((await send(running.url, running.key, ECHO)).status).toBe(200);
  });

  it('in use by another process; free again the moment that is killed', async () => {
    const dataDir = dataFolder();
    const other = await launchGateway().open({ dataDir });
    const { code, message } = await refusal(dataDir);
    expect(code).toBe('in_use');
    expect(message).toContain(`process ${other.process.pid}`);
    await other.kill();
    await using gateway = await startGateway({ dataDir });
    expect((await send(gateway.url, other.key ?? '', ECHO)).status).toBe(200);
  });

  it('a file where the folder should be', async () => {
    const path = join(dataFolder(), 'taken');
    writeFileSync(path, 'mine');
    const { code, message } = await refusal(path);
    expect(code).toBe('not_writable');
    expect(message).toContain(path);
    expect(message).toContain('--data-dir');
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });

  const obstacle = noSmallDisk();
  it.skipIf(obstacle !== undefined)(
    `on a read-only disk${obstacle ? ` (skipped: ${obstacle})` : ''}`,
    async () => {
      const disk = smallDisk('4m');
      await usedFolder(disk);
      const before = hashesBelow(disk);
      setReadOnly(disk, true);
      const { code, message } = await refusal(disk);
      expect(code).toBe('not_writable');
      expect(message).toContain('--data-dir');
      expect(hashesBelow(disk)).toEqual(before);
      setReadOnly(disk, false);
      await using gateway = await startGateway({ dataDir: disk });
      expect(gateway.gateway.notices).toEqual([]);
    },
  );
});

describe('a start that fails half-way', () => {
  it('lets the folder go: once mended, the same process can start', async () => {
    const dataDir = dataFolder();
    await usedFolder(dataDir);
    writeFileSync(join(dataDir, 'vault-kind.json'), 'not what we wrote');
    const failing = createGateway({ dataDir, vault: 'file', logLevel: 'silent' });
    await expect(failing).rejects.toThrow(/vault-kind\.json/);
    rmSync(join(dataDir, 'vault-kind.json'));
    const gateway = await createGateway({ dataDir, vault: 'file', logLevel: 'silent' });
    await gateway.stop();
  });

  it('a backup folder that cannot be one is logged and stops nothing', async () => {
    const dataDir = dataFolder();
    const { member } = await usedFolder(dataDir);
    rmSync(join(dataDir, 'backups'), { recursive: true });
    writeFileSync(join(dataDir, 'backups'), 'a file');
    const gateway = await launchGateway({ preload: ['hurry.ts'] }).open({ dataDir });
    await until('the log to tell of it', () => logsOf(dataDir).includes('could not be backed up'));
    expect((await send(gateway.url, member, ECHO)).status).toBe(200);
    await gateway.stop();
  });

  it('a log folder that cannot be one is told, and lets the folder go', async () => {
    const dataDir = dataFolder();
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(join(dataDir, 'logs'), 'a file');
    await expect(createGateway({ dataDir, vault: 'file' })).rejects.toThrow(/logs/);
    rmSync(join(dataDir, 'logs'));
    await (await createGateway({ dataDir, vault: 'file' })).stop();
  });
});

describe('a port that cannot be had', () => {
  async function opened(): Promise<{ gateway: Gateway; dataDir: string }> {
    const dataDir = dataFolder();
    const gateway = await createGateway({ dataDir, vault: 'file', logLevel: 'silent' });
    onTestFinished(() => gateway.stop());
    return { gateway, dataDir };
  }

  it('is told with what to do; another one can be taken right away', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as { port: number };
    const { gateway, dataDir } = await opened();
    const failure = await gateway.listen('127.0.0.1', port).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ListenError);
    expect(failure).toMatchObject({ code: 'EADDRINUSE', message: expect.stringContaining(String(port)) });
    expect(String(failure)).toContain('--port');
    expect(Object.keys(hashesBelow(dataDir)).join()).not.toContain('runtime.json');

    const url = await gateway.listen('127.0.0.1', 0);
    expect((await send(url, gateway.firstKey ?? '', ECHO)).status).toBe(200);
  });

  it('an address that this machine does not have is told', async () => {
    const { gateway } = await opened();
    const failure = await gateway.listen('192.0.2.1', 0).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ListenError);
    expect(failure).toMatchObject({ code: 'EADDRNOTAVAIL', message: expect.stringContaining('192.0.2.1') });
  });
});

function logsOf(dataDir: string): string {
  return Object.keys(hashesBelow(join(dataDir, 'logs')))
    .map((path) => readFileSync(path, 'utf8'))
    .join('');
}

it('what was set just before a stop is in a backup', async () => {
  const gateway = await startGateway();
  const { key } = await gateway.member({ name: 'Late' });
  await gateway.gateway.stop();
  const path = join(gateway.dataDir, 'ntl.db');
  writeFileSync(path, 'not a database');
  await using again = await startGateway({ dataDir: gateway.dataDir });
  expect(again.gateway.notices).toMatchObject([{ kind: 'restored' }]);
  const body = { model: 'ntl/echo', messages: [{ role: 'user', content: 'hi' }] };
  expect((await again.post('/v1/chat/completions', body, { key })).status).toBe(200);
});
