/**
 * What holds on the real Electron as on the stand-in for it: `NTL_TEST_ELECTRON=…/electron` runs these on the real one.
 */
import { expect } from 'vitest';
import { readRuntimeFile } from '../../gateway/runtime-file.ts';
import { DEFAULT_CREDENTIAL, startProvider } from '../support/provider/provider.ts';
import { reply } from '../support/provider/reply.ts';
import { until } from '../support/until.ts';
import { appTest, dataFolder, ELECTRON, type StartedApp, startAgain, startApp } from './start-app.ts';

/** A browser takes its time, and machines that build are slow. */
const SLOW = { timeout: 90_000 };

const closeWindow = ({ desktop }: StartedApp) =>
  desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
const windows = ({ desktop }: StartedApp) =>
  desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.isVisible()));
/** Its answer is lost with the app. */
const quit = ({ desktop }: StartedApp) =>
  void desktop.evaluate(({ app }) => app.quit()).catch(() => undefined);

async function visibleWindow(app: StartedApp): Promise<void> {
  await until('a window', async () => (await windows(app)).includes(true), 30_000);
}

appTest(
  'the window shows the panel, whose page has no power of Node and nothing of another origin',
  SLOW,
  async () => {
    const app = await startApp();
    const { url } = await app.gateway();
    const page = await app.desktop.page();
    await page.getByText(url.replace('http://', '')).first().waitFor();
    expect(await page.title()).toContain('NoTokenLimit');
    await visibleWindow(app);

    expect(
      await page.evaluate(() => ['require', 'process', 'Buffer', 'module'].filter((name) => name in window)),
    ).toEqual([]);
    expect(
      await page.evaluate(() =>
        fetch('https://example.com').then(
          () => 'loaded',
          () => 'refused',
        ),
      ),
    ).toBe('refused');
    expect(await page.evaluate(() => fetch('/admin/api/session').then((answer) => answer.json()))).toEqual({
      actor: 'window',
    });
  },
);

appTest(
  'the page cannot be left; links to encrypted pages open in the browser of the system',
  SLOW,
  async () => {
    const app = await startApp();
    const page = await app.desktop.page();
    await page.waitForLoadState();
    await app.desktop.evaluate(({ shell }) => {
      const opened: string[] = [];
      Object.assign(globalThis, { opened });
      shell.openExternal = async (url) => void opened.push(url);
    });
    const before = page.url();
    const opened = () => app.desktop.evaluate(() => (globalThis as unknown as { opened: string[] }).opened);
    await page.evaluate(() => {
      window.open('file:///etc/passwd');
      window.open('http://example.com/plain');
      window.open('https://example.com/help');
    });
    await until('the first link', async () => (await opened()).length > 0);
    await page.evaluate(() => location.assign('https://example.com/link'));
    await until('the second', async () => (await opened()).length > 1);
    expect(await opened()).toEqual(['https://example.com/help', 'https://example.com/link']);
    expect(page.url()).toBe(before);
    await until('no other page', () => page.context().pages().length === 1);
  },
);

appTest(
  'closing the window hides it and the gateway goes on; a second start brings it back',
  SLOW,
  async () => {
    const app = await startApp();
    const { url } = await app.gateway();
    await visibleWindow(app);
    await closeWindow(app);
    expect(await windows(app)).toEqual([false]);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);

    expect(await startAgain(app.dataDir, ['--hidden'])).toBe(0);
    expect(await windows(app)).toEqual([false]);

    expect(await startAgain(app.dataDir)).toBe(0);
    await until('the window', async () => (await windows(app))[0]);
    expect(await windows(app)).toHaveLength(1);
  },
);

appTest('started hidden there is no window until it is asked for', SLOW, async () => {
  const app = await startApp({ args: ['--hidden'] });
  await app.gateway();
  expect(await windows(app)).toEqual([]);
  expect(await startAgain(app.dataDir)).toBe(0);
  await visibleWindow(app);
});

appTest('the window opens where it was, in the size it had', SLOW, async () => {
  const dataDir = await dataFolder();
  const bounds = { x: 140, y: 90, width: 1000, height: 640 };
  const first = await startApp({ dataDir });
  await visibleWindow(first);
  await first.desktop.evaluate(
    ({ BrowserWindow }, wanted) => BrowserWindow.getAllWindows()[0]?.setBounds(wanted),
    bounds,
  );
  await closeWindow(first);
  quit(first);
  expect(await first.desktop.exited).toBe(0);

  const second = await startApp({ dataDir });
  await visibleWindow(second);
  expect(
    await second.desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds()),
  ).toEqual(bounds);
});

appTest('quitting stops the gateway, whoever asks for it', SLOW, async () => {
  const dataDir = await dataFolder();
  const app = await startApp({ dataDir, args: ['--hidden'] });
  const { url } = await app.gateway();
  quit(app);
  expect(await app.desktop.exited).toBe(0);
  expect(readRuntimeFile(dataDir)).toBeNull();
  await expect(fetch(`${url}/healthz`)).rejects.toThrow();

  const again = await startApp({ dataDir, args: ['--hidden'] });
  expect(await again.admin('POST', '/desktop/quit')).toBeNull();
  expect(await again.desktop.exited).toBe(0);
});

appTest('a signal quits as the menu does', SLOW, async ({ skip }) => {
  skip(process.platform === 'win32', 'a signal ends it unasked');
  const app = await startApp({ args: ['--hidden'] });
  await app.gateway();
  app.desktop.signal('SIGTERM');
  expect(await app.desktop.exited).toBe(0);
  expect(readRuntimeFile(app.dataDir)).toBeNull();
});

appTest('a running answer comes to its end before the app does', SLOW, async () => {
  await using provider = await startProvider({ models: null });
  const app = await startApp();
  const { url } = await app.gateway();
  const page = await app.desktop.page();
  const { key } = await page.evaluate(() => fetch('/admin/api/first-key').then((answer) => answer.json()));
  const facts = {
    name: 'Scripted',
    kind: 'openai-compatible',
    baseUrl: provider.url,
    credential: DEFAULT_CREDENTIAL,
  };
  const { id } = (await app.admin('POST', '/providers', facts)) as { id: string };
  await app.admin('POST', '/models', { id: 'slow', targets: [{ providerId: id, upstreamModel: 'gpt-4o' }] });
  provider.script(reply.gated(reply.text('to the very last word')));
  const answer = fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'slow', messages: [{ role: 'user', content: 'hi' }] }),
  });
  const request = await provider.nextRequest();
  quit(app);
  await until('the drain', async () => (await fetch(`${url}/healthz`)).status === 503);

  request.releaseAll();
  expect((await (await answer).json()).choices[0].message.content).toBe('to the very last word');
  expect(await app.desktop.exited).toBe(0);
});

appTest('the panel sets what the app does when its window is closed', SLOW, async () => {
  const app = await startApp();
  await visibleWindow(app);
  expect(await app.admin('GET', '/desktop')).toMatchObject({
    available: true,
    notifications: true,
    closeHides: true,
  });
  expect(await app.admin('PATCH', '/desktop', { closeHides: false })).toMatchObject({ closeHides: false });
  await closeWindow(app).catch(() => undefined);
  expect(await app.desktop.exited).toBe(0);
});

appTest('these tests run on the Electron that they were told to', SLOW, async () => {
  const app = await startApp({ args: ['--hidden'] });
  await app.gateway();
  const real = await app.desktop.evaluate(() => typeof process.versions.chrome === 'string');
  expect(real).toBe(ELECTRON !== null);
});
