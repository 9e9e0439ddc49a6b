import type { Command } from 'commander';
import type { Settings, SettingsPatch } from '../doors/admin/contract.ts';
import { usageError } from './failures.ts';
import { fields } from './output.ts';
import { Terminal } from './terminal.ts';
import { yesNo } from './units.ts';
import { wholeNumber } from './values.ts';

/** How each setting is typed and read. */
const SETTINGS: Readonly<
  Record<string, { patch: (text: string) => SettingsPatch; shown: (settings: Settings) => string }>
> = {
  'default-model': {
    patch: (text) => ({ defaultModel: text === 'none' ? null : text }),
    shown: ({ defaultModel }) => defaultModel ?? 'none (`auto` is refused)',
  },
  'retention-days': {
    patch: (text) => ({ retentionDays: wholeNumber(text) }),
    shown: ({ retentionDays }) => `${retentionDays} days`,
  },
  metrics: {
    patch: (text) => ({ metrics: onOff(text) }),
    shown: ({ metrics }) => yesNo(metrics),
  },
};

/** `ntl settings [name [value]]`. */
export function addSettingsCommand(program: Command): void {
  program
    .command('settings')
    .description('what holds for the whole gateway')
    .argument('[name]', Object.keys(SETTINGS).join(', '))
    .argument('[value]', 'the new value; none clears it')
    .action(async (name: string | undefined, value: string | undefined, _options, command: Command) => {
      const terminal = new Terminal(command);
      const setting = name === undefined ? undefined : settingOf(name);
      const settings =
        setting === undefined || value === undefined
          ? await terminal.admin.get<Settings>('/settings')
          : await terminal.admin.patch<Settings>('/settings', setting.patch(value));
      const shown = setting === undefined ? Object.entries(SETTINGS) : [[name ?? '', setting] as const];
      terminal.show(settings, () => fields(shown.map(([title, { shown }]) => [title, shown(settings)])));
    });
}

function settingOf(name: string) {
  const setting = SETTINGS[name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)];
  if (setting !== undefined) return setting;
  throw usageError(`There is no setting ${name}. There are: ${Object.keys(SETTINGS).join(', ')}.`);
}

function onOff(text: string): boolean {
  if (['on', 'true', 'yes'].includes(text)) return true;
  if (['off', 'false', 'no'].includes(text)) return false;
  throw usageError('Give on or off.');
}
