import { decoded } from '../editing/text-file.ts';
import { isTable } from '../editing/values.ts';
import type { Place } from '../recipe.ts';
import { detect } from '../setup/detect.ts';
import { readBytes } from '../setup/disk.ts';
import { formatNamed } from '../setup/formats.ts';
import { inHome, type Machine, pathsOf, shownPath, vsCodes } from '../setup/machine.ts';
import { onFile, SetupError } from '../setup/setup-error.ts';
import { isInstalled, type SettingsFile, type ToolSetup } from '../setup/tool-setup.ts';
import { type Settings, settingsIn } from './told.ts';

export interface ReadSettings extends Settings {
  installed: boolean;
  /** Of the tool as it is looked for now, absolute; also those that are not there. */
  paths: string[];
  /** Files that cannot be read, and why. */
  problems: string[];
}

/** Which files there are does not hang on these. */
const ANYWHERE: Place = {
  ...{ origin: 'http://127.0.0.1:7411', system: 'linux', model: 'auto', smallModel: 'auto' },
  ...{ contextWindow: 0, maxOutputTokens: 0, images: false, offered: [] },
};

interface Readable extends Pick<SettingsFile, 'path' | 'format'> {
  /** The one member that is the tool's, of settings that many share. */
  only?: string;
}

/** What the tool's own files say now, by whoever they were written. */
export function readSettings(machine: Machine, setup: ToolSetup): ReadSettings {
  const marks = setup.marks(machine);
  const found = detect(machine, marks);
  const own = setup.files(machine, ANYWHERE, found);
  const read: ReadSettings = {
    ...{ installed: isInstalled(found, marks), paths: own.map(({ path }) => path) },
    ...{ addresses: [], keys: [], models: [], problems: [] },
  };
  for (const file of [...own, ...othersOf(machine, setup)]) {
    try {
      const { addresses, keys, models } = settingsIn(
        setup.id,
        shownPath(machine, file.path),
        contentOf(file),
      );
      read.addresses.push(...addresses);
      read.keys.push(...keys);
      read.models.push(...models);
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      read.problems.push(error.message.replace(file.path, shownPath(machine, file.path)));
    }
  }
  return read;
}

/** Files that people write by hand, and `ntl connect` leaves alone. */
function othersOf(machine: Machine, { id }: ToolSetup): Readable[] {
  const { join } = pathsOf(machine);
  if (id === 'claude-code') {
    const only = 'claudeCode.environmentVariables';
    return vsCodes(machine).map(({ user }) => ({ path: join(user, 'settings.json'), format: 'jsonc', only }));
  }
  if (id === 'aider') return [{ path: inHome(machine, '.env'), format: 'dotenv' }];
  return [];
}

/** @throws SetupError */
function contentOf({ path, format, only }: Readable): unknown {
  const bytes = readBytes(path);
  if (bytes === null) return undefined;
  return onFile(path, () => {
    const { text } = decoded(bytes);
    if (format.startsWith('block:')) return assignments(text, format.slice('block:'.length));
    const root = formatNamed(format).read(text);
    return only === undefined || !isTable(root) ? root : { [only]: root[only] };
  });
}

/** Variables that the profile of a shell sets, those of one family of SDKs alone. */
function assignments(text: string, sdk: string): Record<string, string> {
  const family = sdk === 'anthropic-sdk' ? 'ANTHROPIC_' : 'OPENAI_';
  const lines = text.split(/\r?\n/).flatMap((line) => {
    const [, name, value] = /^[ \t]*(?:export |set -gx )[ \t]*(\w{1,64})[= ](.{0,2000})$/.exec(line) ?? [];
    return name?.startsWith(family) ? [[name, value ?? ''] as const] : [];
  });
  return Object.fromEntries(lines);
}
