import { VaultError } from './vault.ts';

const HOW_TO_UNLOCK: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'Unlock the login keychain in Keychain Access, or answer the prompt it shows',
  win32: 'Sign in to Windows again',
  linux: 'Unlock the login keyring (sign in to the desktop, answer its prompt, or use Passwords and Keys)',
};

const HOW_TO_REACH: Partial<Record<NodeJS.Platform, string>> = {
  linux:
    'Start the app inside your desktop session, where D-Bus and gnome-keyring, KWallet or KeePassXC run, and see that libsecret is installed',
};

/** Words of libsecret, the macOS Security framework (SecBase.h) and Windows for "not without the user". */
const LOCKED = /locked|dismissed|cancel|interaction is not allowed|not correct|errSec(Auth|Interaction)/i;

/** @returns what to tell people; the system's own words stay in `cause`, they may name paths */
export function keychainFailure(cause: unknown): VaultError {
  const words = cause instanceof Error ? cause.message : String(cause);
  return LOCKED.test(words) ? keychainLocked(cause) : keychainUnavailable(cause);
}

function keychainLocked(cause?: unknown): VaultError {
  return new VaultError('locked', `The keychain is locked. ${howToUnlock()} and try again.`, { cause });
}

/** A locked Linux keyring says "no such entry", so an entry that is always there tells the two apart. */
export function keychainLockedOrEmptied(): VaultError {
  return new VaultError(
    'locked',
    `The keychain is locked, or its entries are gone. ${howToUnlock()} and try again; if it is unlocked, enter the provider credentials again.`,
  );
}

export function keychainSilent(timeoutMs: number): VaultError {
  return new VaultError(
    'locked',
    `The keychain did not answer within ${timeoutMs / 1000} s; it is probably locked. ${howToUnlock()} and try again.`,
  );
}

function keychainUnavailable(cause: unknown): VaultError {
  const how = HOW_TO_REACH[process.platform] ?? 'Sign in to your desktop session';
  return new VaultError('unavailable', `The keychain cannot be reached. ${how}, and try again.`, { cause });
}

function howToUnlock(): string {
  return HOW_TO_UNLOCK[process.platform] ?? 'Unlock it';
}
