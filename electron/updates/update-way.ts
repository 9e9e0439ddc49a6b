import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** `none`: nothing says where updates are. `tell`: one can be found, not installed. `replace`: the app replaces itself. */
export type UpdateWay = 'none' | 'tell' | 'replace';

export interface Installation {
  platform: NodeJS.Platform;
  isPackaged: boolean;
  /** `process.resourcesPath` */
  resources: string;
  environment: NodeJS.ProcessEnv;
  /** Whether macOS takes this app's signature for that of a known developer. */
  isSigned: () => Promise<boolean>;
}

/**
 * What this installation can do about updates. electron-builder writes `app-update.yml` where it was told an address.
 * Packages of Debian and Red Hat belong to the system's package manager, and Squirrel on macOS refuses what nobody
 * signed (https://www.electron.build/auto-update).
 */
export async function updateWay(installation: Installation): Promise<UpdateWay> {
  const { platform, isPackaged, resources, environment, isSigned } = installation;
  if (!isPackaged || !existsSync(join(resources, 'app-update.yml'))) return 'none';
  if (platform === 'linux') {
    if (environment.APPIMAGE) return 'replace';
    // Written into packages of Debian and Red Hat; electron-updater does nothing for other folders.
    return existsSync(join(resources, 'package-type')) ? 'tell' : 'none';
  }
  if (platform === 'win32') return 'replace';
  return (await isSigned()) ? 'replace' : 'tell';
}

/**
 * An ad-hoc signature, which every build for Apple silicon has, names no team.
 * @param program a file in the app's bundle
 */
export async function isSignedByDeveloper(program: string): Promise<boolean> {
  try {
    const { stderr } = await promisify(execFile)('/usr/bin/codesign', ['--display', '--verbose=2', program]);
    return /^TeamIdentifier=(?!not set)/m.test(stderr);
  } catch {
    return false;
  }
}
