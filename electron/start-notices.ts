import type { Provider } from '../gateway/doors/admin/contract.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { ask } from './ask.ts';
import type { ElectronParts } from './electron-parts.ts';
import { askGateway } from './in-process.ts';
import type { Notifications } from './notifications.ts';

export interface StartNoticeParts {
  dialog: ElectronParts['dialog'];
  shell: ElectronParts['shell'];
  notifications: Pick<Notifications, 'say'>;
  /** Nobody asked for the app just now: it says things aside. */
  hidden: boolean;
  dataDir: string;
}

type Started = Pick<Gateway, 'app' | 'vault' | 'notices'>;

/** What the owner did not ask for; the panel shows the others too. */
const TITLES: Record<string, string> = {
  restored: 'The database was restored from a backup',
  started_empty: 'The database was lost',
};

/** What the owner must know of this start: a database that was damaged, a keychain that is locked. */
export async function tellOfStart(parts: StartNoticeParts, gateway: Started): Promise<void> {
  for (const { kind, message } of gateway.notices) {
    const title = TITLES[kind];
    if (title !== undefined) await tellOfDatabase(parts, title, message);
  }
  await tellOfKeychain(parts, gateway);
}

async function tellOfDatabase(parts: StartNoticeParts, message: string, detail: string): Promise<void> {
  const { dialog, shell, notifications, hidden, dataDir } = parts;
  if (hidden && notifications.say({ title: message, body: detail, place: '/settings' })) return;
  const answers = { ok: 'OK', folder: 'Open the data folder' };
  const answer = await ask(dialog, { type: 'warning', message, detail, answers });
  if (answer === 'folder') await shell.openPath(dataDir);
}

/** The system's own prompt comes up now, while its owner is there, and not in the middle of a tool's first request. */
async function tellOfKeychain(parts: StartNoticeParts, gateway: Started): Promise<void> {
  const { dialog, notifications, hidden } = parts;
  for (;;) {
    const problem = await keychainProblem(gateway);
    if (problem === null) return;
    const message = 'The credentials of your providers are out of reach';
    const detail = `${problem}\n\nModels on this computer go on working.`;
    if (hidden && notifications.say({ title: message, body: detail, place: '/providers' })) return;
    const answers = { again: 'Try again', later: 'Go on without' };
    if ((await ask(dialog, { type: 'warning', message, detail, answers })) === 'later') return;
  }
}

/** @returns what to do about it; null where the keychain answers, or holds nothing that is needed */
async function keychainProblem({ app, vault }: Started): Promise<string | null> {
  const { data } = await askGateway<{ data: Provider[] }>(app, '/providers?pageSize=1000');
  const unread = data.find(({ enabled, hasCredential }) => enabled && hasCredential === null);
  if (unread === undefined) return null;
  try {
    await vault.get(`provider:${unread.id}`);
    return null;
  } catch (error) {
    if (error instanceof Error && error.name === 'VaultError') return error.message;
    throw error;
  }
}
