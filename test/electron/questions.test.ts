import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { readRuntimeFile } from '../../gateway/runtime-file.ts';
import type { StandInDesktop } from '../support/electron-host/desktop.ts';
import { startGateway } from '../support/gateway.ts';
import { DEFAULT_CREDENTIAL, startProvider } from '../support/provider/provider.ts';
import { reply } from '../support/provider/reply.ts';
import { until } from '../support/until.ts';
import { dataFolder, type StartedApp, standInTest, startStandIn } from './start-app.ts';

const SLOW = { timeout: 90_000 };

type App = StartedApp<StandInDesktop>;

interface Box {
  message: string;
  detail: string;
  buttons: string[];
}

/** The box of the system that is open, once there is one. */
async function box({ desktop }: App): Promise<Box> {
  return until(
    'a box',
    () => desktop.look(({ record }) => (record.boxes[0]?.options as Box | undefined) ?? null),
    30_000,
  );
}

async function answer({ desktop }: App, label: string): Promise<void> {
  await desktop.look(({ record }, wanted) => record.boxes[0]?.answer(wanted), label);
}

async function takenPort(): Promise<{ port: number; free(): Promise<void> }> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const free = () => new Promise<void>((resolve) => server.close(() => resolve()));
  onTestFinished(free);
  return { port: (server.address() as AddressInfo).port, free };
}

standInTest('a port that is taken: try again, take a free one, or quit', SLOW, async () => {
  const other = await takenPort();
  const environment = { NTL_PORT: String(other.port) };
  const app = await startStandIn({ args: ['--hidden'], environment });
  expect((await box(app)).detail).toContain(`Port ${other.port}`);
  await answer(app, 'Try again');
  await box(app);
  await answer(app, 'Use a free port');
  expect((await app.gateway()).url).not.toContain(`:${other.port}`);

  const refused = await startStandIn({ args: ['--hidden'], environment });
  await box(refused);
  await answer(refused, 'Quit');
  expect(await refused.desktop.exited).toBe(0);
  expect(readRuntimeFile(refused.dataDir)).toBeNull();
});

standInTest('a port that was freed meanwhile is had at the second try', SLOW, async () => {
  const other = await takenPort();
  const app = await startStandIn({ args: ['--hidden'], environment: { NTL_PORT: String(other.port) } });
  await box(app);
  await other.free();
  await answer(app, 'Try again');
  expect((await app.gateway()).url).toContain(`:${other.port}`);
});

standInTest(
  'a folder that a gateway on a terminal uses: the app goes on once that has ended',
  SLOW,
  async () => {
    const dataDir = await dataFolder();
    await using other = await startGateway({ dataDir });
    const app = await startStandIn({ dataDir, args: ['--hidden'] });
    expect((await box(app)).buttons).toEqual(['Try again', 'Open its panel', 'Quit']);
    await other.gateway.stop();
    await answer(app, 'Try again');
    await app.gateway();
  },
);

standInTest(
  'or the other gateway’s panel opens in the browser, and the app leaves it alone',
  SLOW,
  async () => {
    const dataDir = await dataFolder();
    await using other = await startGateway({ dataDir });
    const app = await startStandIn({ dataDir, args: ['--hidden'] });
    await box(app);
    const opened = join(dataDir, 'opened.txt');
    await app.desktop.evaluate(({ shell }, path) => {
      const { writeFileSync } = process.getBuiltinModule('node:fs');
      shell.openExternal = async (url) => writeFileSync(path, url);
    }, opened);
    await answer(app, 'Open its panel');
    expect(await app.desktop.exited).toBe(0);
    expect(readFileSync(opened, 'utf8')).toBe(readRuntimeFile(dataDir)?.panelUrl);
    expect((await fetch(`${other.url}/healthz`)).status).toBe(200);
  },
);

standInTest('a database that was damaged and restored is told of at once', SLOW, async () => {
  const dataDir = await dataFolder();
  const gateway = await startGateway({ dataDir });
  await gateway.admin('POST', '/members', { name: 'Ada' });
  await gateway.gateway.stop();
  writeFileSync(
    join(dataDir, 'ntl.db'),
    'no database at all, but a text that is long enough to be looked at'.repeat(100),
  );
  const app = await startStandIn({ dataDir });
  const { message, detail } = await box(app);
  expect(message).toBe('The database was restored from a backup');
  expect(detail).toContain('damaged');
  await answer(app, 'Open the data folder');
  await until('the folder', () => app.desktop.look(({ record }) => record.openedPaths.length === 1));
  expect((await app.admin('GET', '/members')) as object).toMatchObject({
    data: [{ owner: true }, { name: 'Ada' }],
  });
});

standInTest('a folder that cannot be used is named, and what was mended is tried', SLOW, async () => {
  const dataDir = await dataFolder();
  mkdirSync(join(dataDir, 'ntl.db'));
  const app = await startStandIn({ dataDir, args: ['--hidden'] });
  const { message, buttons } = await box(app);
  expect(message).toBe('The data folder cannot be used');
  expect(buttons).toEqual(['Try again', 'Open the data folder', 'Quit']);
  await answer(app, 'Quit');
  expect(await app.desktop.exited).toBe(0);
  expect(readdirSync(dataDir)).toContain('ntl.db');
});

standInTest('a variable that cannot be understood ends the app with a box that names it', SLOW, async () => {
  const app = await startStandIn({ environment: { NTL_PORT: 'seven' } });
  expect(await app.desktop.exited).not.toBe(0);
});

standInTest('quitting while requests run says so after a moment, and can be hurried', SLOW, async () => {
  await using provider = await startProvider({ models: null });
  const app = await startStandIn({ args: ['--hidden'] });
  const { url } = await app.gateway();
  const facts = {
    name: 'Scripted',
    kind: 'openai-compatible',
    baseUrl: provider.url,
    credential: DEFAULT_CREDENTIAL,
  };
  const { id } = (await app.admin('POST', '/providers', facts)) as { id: string };
  await app.admin('POST', '/models', { id: 'slow', targets: [{ providerId: id, upstreamModel: 'gpt-4o' }] });
  const { data } = (await app.admin('GET', '/members')) as { data: { id: string }[] };
  const { key } = (await app.admin('POST', '/keys', { memberId: data[0]?.id, name: 'Test' })) as {
    key: string;
  };
  provider.script(reply.stall());
  const running = fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'slow', messages: [{ role: 'user', content: 'hi' }] }),
  });
  await provider.nextRequest();
  await app.desktop.evaluate(({ app }) => app.quit());
  const { message, buttons } = await box(app);
  expect(message).toBe('One request is still running');
  expect(buttons).toEqual(['Quit now', 'Wait']);
  await answer(app, 'Quit now');
  expect((await running).status).toBe(503);
  expect(await app.desktop.exited).toBe(0);
});
