export interface Surroundings {
  platform: NodeJS.Platform;
  environment: NodeJS.ProcessEnv;
  /** `process.getuid()`; undefined on Windows. */
  uid: number | undefined;
  sandbox: boolean;
}

/** @returns why no window can open here, as the first half of a sentence; null where one can */
export function whyNoWindow({ platform, environment, uid, sandbox }: Surroundings): string | null {
  if (platform !== 'linux') return null;
  if (!environment.DISPLAY && !environment.WAYLAND_DISPLAY) return 'No display here';
  // Electron ends itself at once: https://www.electronjs.org/docs/latest/tutorial/sandbox
  if (uid === 0 && sandbox)
    return 'Electron does not run as root with its sandbox (--no-sandbox turns it off)';
  return null;
}
