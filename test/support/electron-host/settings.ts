/** How a test wants the stand-in to be; handed over in the environment. */
export interface StandInSettings {
  /** As if it had been packed. */
  isPackaged?: boolean;
  /** Where `process.resourcesPath` is. */
  resources?: string;
  /** Work areas of the displays, the primary one first. */
  displays?: { x: number; y: number; width: number; height: number }[];
  /** False where the system shows no notifications. */
  notifications?: boolean;
  dark?: boolean;
}

const VARIABLE = 'NTL_TEST_ELECTRON_HOST';

export function settingsVariable(settings: StandInSettings): NodeJS.ProcessEnv {
  return { [VARIABLE]: JSON.stringify(settings) };
}

export function readSettings(): StandInSettings {
  return JSON.parse(process.env[VARIABLE] ?? '{}');
}
