import { type Command, InvalidArgumentError } from 'commander';
import type { Settings, SettingsPatch } from '../doors/admin/contract.ts';
import { usageError } from './failures.ts';
import { findKey, findModel } from './find.ts';
import { table } from './output.ts';
import { Terminal } from './terminal.ts';
import { wholeNumberWithin } from './values.ts';

/** How a setting is typed and read. */
interface Setting {
  meaning: string;
  shown(settings: Settings): string;
  /** @throws InvalidArgumentError, CliError */
  patch(text: string, terminal: Terminal): SettingsPatch | Promise<SettingsPatch>;
}

const SETTINGS: Readonly<Record<string, Setting>> = {
  'default-model': {
    meaning: 'the model that `auto` stands for; with none, `auto` is refused',
    shown: ({ defaultModel }) => defaultModel ?? 'none',
    async patch(text, { admin }) {
      if (text === 'none') return { defaultModel: null };
      return { defaultModel: (await findModel(admin, text)).id };
    },
  },
  'retention-days': {
    meaning: 'how long the audit log keeps a request; sums are kept for ever',
    shown: ({ retentionDays }) => `${retentionDays} days`,
    patch: fewerDaysAsk,
  },
  port: {
    meaning: 'where it listens; tools must be told of a new one',
    shown: ({ port, portInUse }) =>
      `${port ?? 'usual'}${portInUse === null || portInUse === port ? '' : ` (now ${portInUse})`}`,
    patch: (text) => ({ port: text === 'usual' ? null : wholeNumberWithin(1, 65_535)(text) }),
  },
  'trusted-proxies': {
    meaning: 'reverse proxies that may say from which address a request comes; nobody else may',
    shown: ({ trustedProxies }) => (trustedProxies.length === 0 ? 'none' : trustedProxies.join(', ')),
    patch: (text) => ({ trustedProxies: text === 'none' ? [] : text.split(/[\s,]+/).filter(Boolean) }),
  },
  'trusted-proxy-header': {
    meaning: 'the header in which they say it: x-forwarded-for or forwarded',
    shown: ({ trustedProxyHeader }) => trustedProxyHeader,
    patch: (text) => ({ trustedProxyHeader: headerNamed(text) }),
  },
  metrics: {
    meaning: 'whether GET /metrics answers, for Prometheus',
    shown: ({ metrics }) => (metrics ? 'on' : 'off'),
    patch: (text) => ({ metrics: onOff(text) }),
  },
  joining: {
    meaning: 'whether people may ask to join, at /join',
    shown: ({ joining }) => (joining ? 'on' : 'off'),
    patch: (text) => ({ joining: onOff(text) }),
  },
  ollama: {
    meaning: 'whether Ollama’s API answers on this computer; /api/chat is Ollama’s then, no longer OpenAI’s',
    shown: ({ ollama }) => (ollama ? 'on' : 'off'),
    patch: (text) => ({ ollama: onOff(text) }),
  },
  'ollama-key-id': {
    meaning: 'the key that its requests count as which bring none; with none, they are refused',
    shown: ({ ollamaKeyId }) => ollamaKeyId ?? 'none',
    patch: async (text, { admin }) => ({
      ollamaKeyId: text === 'none' ? null : (await findKey(admin, text)).id,
    }),
  },
  'ollama-port': {
    meaning: 'a port of its own beside, for tools that look at 11434 alone',
    shown: ollamaPortText,
    patch: (text) => ({ ollamaPort: text === 'none' ? null : wholeNumberWithin(1, 65_535)(text) }),
  },
};

function ollamaPortText({ ollama, ollamaPort, ollamaUrl, ollamaProblem }: Settings): string {
  if (ollamaPort === null) return 'none';
  if (!ollama) return `${ollamaPort} (off)`;
  return ollamaUrl === null ? `${ollamaPort} (not open: ${ollamaProblem})` : String(ollamaPort);
}

/** `ntl settings [name [value]]`. */
export function addSettingsCommand(program: Command): void {
  program
    .command('settings')
    .description('what holds for the whole gateway')
    .argument('[name]', Object.keys(SETTINGS).join(', '))
    .argument(
      '[value]',
      'the new value: a model or none; days; a port, usual or none; addresses or none; a key or none; on or off',
    )
    .action(async (name: string | undefined, value: string | undefined, _options, command: Command) => {
      const terminal = new Terminal(command);
      const chosen = name === undefined ? undefined : settingNamed(name);
      const settings =
        chosen === undefined || value === undefined
          ? await terminal.admin.get<Settings>('/settings')
          : await terminal.admin.patch<Settings>('/settings', await patchOf(chosen, value, terminal));
      terminal.show(settings, () => settingsText(settings, chosen ?? Object.entries(SETTINGS)));
      if (chosen === undefined) terminal.say(`\nChange one: ${terminal.commandLine('settings NAME VALUE')}`);
    });
}

type NamedSettings = readonly (readonly [name: string, setting: Setting])[];

/** @param typed as the list shows it, or as the API calls it */
function settingNamed(typed: string): NamedSettings {
  const name = typed.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const setting = SETTINGS[name];
  if (setting !== undefined) return [[name, setting]];
  throw usageError(`There is no setting ${typed}. There are: ${Object.keys(SETTINGS).join(', ')}.`);
}

async function patchOf(chosen: NamedSettings, value: string, terminal: Terminal): Promise<SettingsPatch> {
  const [named] = chosen;
  if (named === undefined) return {};
  const [name, setting] = named;
  try {
    return await setting.patch(value, terminal);
  } catch (error) {
    if (error instanceof InvalidArgumentError)
      throw usageError(`${name} cannot be "${value}". ${error.message}`);
    throw error;
  }
}

/** Fewer days delete rows that nothing brings back. */
async function fewerDaysAsk(text: string, terminal: Terminal): Promise<SettingsPatch> {
  const retentionDays = wholeNumberWithin(1, 36_500)(text);
  const before = await terminal.admin.get<Settings>('/settings');
  if (retentionDays < before.retentionDays) {
    await terminal.confirm(
      `Requests older than ${retentionDays} days will be deleted from the audit log. Go on?`,
    );
  }
  return { retentionDays };
}

function headerNamed(text: string): Settings['trustedProxyHeader'] {
  const name = text.toLowerCase();
  if (name === 'x-forwarded-for' || name === 'forwarded') return name;
  throw new InvalidArgumentError('Give x-forwarded-for or forwarded: the one that your proxy writes.');
}

function onOff(text: string): boolean {
  if (['on', 'true', 'yes'].includes(text)) return true;
  if (['off', 'false', 'no'].includes(text)) return false;
  throw new InvalidArgumentError('Give on or off.');
}

function settingsText(settings: Settings, shown: NamedSettings): string {
  return table(
    shown,
    [
      { title: 'SETTING', of: ([name]) => name },
      { title: 'VALUE', of: ([, setting]) => setting.shown(settings) },
      { title: 'MEANING', of: ([, setting]) => setting.meaning },
    ],
    '',
  );
}
