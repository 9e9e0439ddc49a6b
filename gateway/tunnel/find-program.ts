import { access, constants } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

/** Where package managers put programs that an app started by a click does not find on its PATH. */
const USUAL: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['/opt/homebrew/bin', '/usr/local/bin', '/Applications/Tailscale.app/Contents/MacOS'],
  linux: ['/usr/local/bin', '/usr/bin', '/snap/bin'],
};

/**
 * A program on the PATH. Only whole folders are looked into: `.` or an empty one would be whatever folder the gateway
 * was started in.
 * @returns its full path; null where it is not installed
 */
export async function findProgram(
  name: string,
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): Promise<string | null> {
  const path = env.PATH ?? env.Path ?? '';
  const folders = [...path.split(delimiter).filter(isAbsolute), ...(USUAL[platform] ?? [])];
  for (const folder of folders) {
    const file = join(folder, platform === 'win32' ? `${name}.exe` : name);
    if (
      await access(file, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return file;
  }
  return null;
}
