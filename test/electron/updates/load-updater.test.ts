import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { until } from '../../support/until.ts';
import { dataFolder, standInTest, startStandIn } from '../start-app.ts';

const SLOW = { timeout: 90_000 };

interface Update {
  state: string;
  version: string | null;
  message: string | null;
}

/** A folder of updates on a server, as electron-builder lays it out, and the resources of a package that knows it. */
async function updateServer(version: string, packageType?: string) {
  const file = Buffer.from('a new program');
  const asked: string[] = [];
  const sha512 = createHash('sha512').update(file).digest('base64');
  const [name, debian] = ['AppImage', 'deb'].map((ending) => `notokenlimit-desktop-${version}.${ending}`);
  const listing = [
    `version: ${version}`,
    'files:',
    `  - { url: ${name}, sha512: ${sha512}, size: ${file.length} }`,
    `  - { url: ${debian}, sha512: ${sha512}, size: ${file.length} }`,
    `path: ${name}`,
    `sha512: ${sha512}`,
    `releaseDate: '2026-11-26T00:00:00.000Z'`,
  ].join('\n');
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    asked.push(path);
    if (/^\/latest-linux.*\.yml$/.test(path)) response.end(listing);
    else if (path === `/${name}`) response.end(file);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const resources = await dataFolder();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const settings = ['provider: generic', `url: ${url}`, 'updaterCacheDirName: notokenlimit-desktop-updater'];
  writeFileSync(join(resources, 'app-update.yml'), settings.join('\n'));
  if (packageType !== undefined) writeFileSync(join(resources, 'package-type'), packageType);
  return { asked, resources };
}

async function startInstalled(resources: string, environment: NodeJS.ProcessEnv = {}) {
  const app = await startStandIn({
    args: ['--hidden'],
    environment,
    standIn: { isPackaged: true, resources },
  });
  const update = async () => ((await app.admin('GET', '/desktop')) as { update: Update }).update;
  return {
    ...app,
    update,
    step: () => app.admin('POST', '/desktop/update'),
    reached: (state: string) => until(state, async () => (await update()).state === state, 20_000),
  };
}

standInTest('a package of Debian or Red Hat tells of a newer version', SLOW, async () => {
  const { asked, resources } = await updateServer('99.0.0', 'deb');
  const { desktop, update, step, reached } = await startInstalled(resources);
  expect(await update()).toMatchObject({ state: 'none' });
  await step();
  await reached('available');
  expect(await update()).toMatchObject({
    version: '99.0.0',
    message: expect.stringContaining('where you got this one'),
  });
  expect(asked.every((path) => path.endsWith('.yml'))).toBe(true);
  await until('the notice', () =>
    desktop.look(({ record }) =>
      record.notifications.some(({ options }) => options.title === 'Version 99.0.0 is there'),
    ),
  );
  await expect(step()).rejects.toThrow('409');
});

standInTest('an AppImage downloads it, and checks what came', SLOW, async () => {
  // Left behind by packing for Debian from the same folder.
  const { asked, resources } = await updateServer('99.0.0', 'deb');
  const image = join(resources, 'installed.AppImage');
  writeFileSync(image, 'an old program');
  const { update, step, reached } = await startInstalled(resources, { APPIMAGE: image });
  await step();
  await reached('available');
  await step();
  await reached('ready');
  expect(asked).toContain('/notokenlimit-desktop-99.0.0.AppImage');
  expect(await update()).toMatchObject({ version: '99.0.0', message: null });
});

standInTest('an older version there is no news', SLOW, async () => {
  const { asked, resources } = await updateServer('0.0.1', 'deb');
  const { update, step } = await startInstalled(resources);
  await step();
  await until('the answer', () => asked.length > 0);
  await until('none', async () => (await update()).state === 'none');
});
