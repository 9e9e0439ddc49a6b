import Fastify from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import type { ElectronParts } from '../../electron/electron-parts.ts';
import { tellOfStart } from '../../electron/start-notices.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import { VaultError } from '../../gateway/vault/vault.ts';

interface Start {
  hidden?: boolean;
  showsNotifications?: boolean;
  /** How often the keychain is locked before it opens. */
  locked?: number;
  notices?: Gateway['notices'];
  /** Which button is pressed. */
  press?: string;
}

/** Tells of a start, and what was said: boxes and notifications. */
async function start({
  hidden = false,
  showsNotifications = true,
  locked = 0,
  notices = [],
  press = '',
}: Start) {
  let left = locked;
  const app = Fastify();
  onTestFinished(() => app.close());
  app.get('/admin/api/providers', async () => ({
    data: [
      { id: '1', enabled: false, hasCredential: null },
      { id: '7', enabled: true, hasCredential: left > 0 ? null : true },
    ],
  }));
  const asked: string[] = [];
  const vault = {
    async get(account: string) {
      asked.push(account);
      left -= 1;
      throw new VaultError('locked', 'The keychain is locked. Unlock it and try again.');
    },
  } as unknown as Gateway['vault'];
  const boxes: string[] = [];
  const said: string[] = [];
  const opened: string[] = [];
  const dialog = {
    async showMessageBox({ message, buttons }: { message: string; buttons: string[] }) {
      boxes.push(message);
      return { response: Math.max(0, buttons.indexOf(press)) };
    },
  } as unknown as ElectronParts['dialog'];
  await tellOfStart(
    {
      ...{ dialog, hidden, dataDir: '/data' },
      shell: {
        openPath: async (path: string) => void opened.push(path),
      } as unknown as ElectronParts['shell'],
      notifications: {
        say: ({ title }) => {
          if (showsNotifications) said.push(title);
          return showsNotifications;
        },
      },
    },
    { app, vault, notices },
  );
  return { boxes, said, opened, asked };
}

const OUT_OF_REACH = 'The credentials of your providers are out of reach';
const RESTORED = { kind: 'restored', at: 0, message: 'The database was damaged.' } as const;

test('a start like any other says nothing', async () => {
  expect(await start({})).toEqual({ boxes: [], said: [], opened: [], asked: [] });
});

test('a locked keychain is asked about until it opens', async () => {
  expect(await start({ locked: 2 })).toMatchObject({
    boxes: [OUT_OF_REACH, OUT_OF_REACH],
    asked: ['provider:7', 'provider:7'],
  });
});

test('or the owner goes on without it', async () => {
  expect(await start({ locked: 9, press: 'Go on without' })).toMatchObject({
    boxes: [OUT_OF_REACH],
    asked: ['provider:7'],
  });
});

test('an app that was started in the tray says it aside', async () => {
  const { boxes, said } = await start({ hidden: true, locked: 9, notices: [RESTORED] });
  expect(boxes).toEqual([]);
  expect(said).toEqual(['The database was restored from a backup', OUT_OF_REACH]);
});

test('in a box where the system shows no notifications', async () => {
  const { boxes } = await start({ hidden: true, showsNotifications: false, notices: [RESTORED] });
  expect(boxes).toEqual(['The database was restored from a backup']);
});

test('whoever wants to look at the damaged file gets the folder', async () => {
  expect((await start({ notices: [RESTORED], press: 'Open the data folder' })).opened).toEqual(['/data']);
});

test('a restore that the owner asked for is no news', async () => {
  const asked = { kind: 'backup_restored', at: 0, message: 'As you wished.' } as const;
  expect((await start({ notices: [asked] })).boxes).toEqual([]);
});
