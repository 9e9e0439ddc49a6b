import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Installation, isSignedByDeveloper, updateWay } from '../../../electron/updates/update-way.ts';
import { dataFolder } from '../start-app.ts';

const INSTALLED = {
  platform: 'linux',
  isPackaged: true,
  environment: {},
  isSigned: async () => false,
} as const;

async function way(installation: Partial<Installation>, hasAddress = true, packageType?: string) {
  const resources = await dataFolder();
  if (hasAddress)
    writeFileSync(join(resources, 'app-update.yml'), 'provider: generic\nurl: https://updates.example\n');
  if (packageType !== undefined) writeFileSync(join(resources, 'package-type'), packageType);
  return updateWay({ ...INSTALLED, ...installation, resources });
}

test.each([
  ['Windows', { platform: 'win32' }, 'replace'],
  ['an AppImage', { environment: { APPIMAGE: '/home/ada/N.AppImage' } }, 'replace'],
  ['a folder on Linux that was unpacked somewhere', {}, 'none'],
  ['macOS, signed', { platform: 'darwin', isSigned: async () => true }, 'replace'],
  ['macOS, not signed', { platform: 'darwin' }, 'tell'],
  ['sources', { isPackaged: false }, 'none'],
] as const)('%s', async (_case, installation, expected) => {
  expect(await way(installation)).toBe(expected);
});

test('packages of Debian and Red Hat are replaced by the system', async () => {
  expect(await way({}, true, 'deb')).toBe('tell');
});

test('a package that names no address looks nowhere', async () => {
  expect(await way({ platform: 'win32' }, false)).toBe('none');
});

test('where there is no codesign nothing is signed', async () => {
  expect(await isSignedByDeveloper('/no/such/program')).toBe(false);
});
