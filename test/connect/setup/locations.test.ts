import { posix, win32 } from 'node:path';
import { expect, it } from 'vitest';
import type { Place, System } from '../../../gateway/connect/recipe.ts';
import { type Machine, type VsCode, vsCodes } from '../../../gateway/connect/setup/machine.ts';
import { SETUPS } from '../../../gateway/connect/setup/setups.ts';
import type { Found, ToolSetup } from '../../../gateway/connect/setup/tool-setup.ts';

const HOMES: Readonly<Record<System, string>> = {
  linux: '/home/me',
  macos: '/Users/me',
  windows: 'C:\\Users\\me',
};

/** With every program and editor there. */
function lookedAt(tool: string, system: System, env: Record<string, string> = {}, there: string[] = []) {
  const machine: Machine = { system, home: HOMES[system], env: { SHELL: '/bin/zsh', ...env } };
  const editors = vsCodes(machine);
  const [editor] = editors as [VsCode];
  const place: Place = {
    ...{ origin: 'http://127.0.0.1:7411', system, model: 'gpt', smallModel: 'mini', offered: [] },
    ...{ contextWindow: 200_000, maxOutputTokens: 32_000, images: true },
  };
  const found: Found = {
    ...{ command: '/bin/tool', version: null, editors },
    extensions: [{ id: 'publisher.name', version: null, editor }],
    exists: (path) => there.includes(path),
  };
  const setup = SETUPS.find(({ id }) => id === tool) as ToolSetup;
  return {
    machine,
    files: setup.files(machine, place, found),
    steps: setup.steps?.(place, found, machine) ?? [],
  };
}

/** Below the home. */
function filesOf(...where: Parameters<typeof lookedAt>): string[] {
  const { machine, files: paths } = lookedAt(...where);
  const { system } = machine;
  const { relative, sep } = system === 'windows' ? win32 : posix;
  return paths.map(({ path }) => relative(machine.home, path).replaceAll(sep, '/'));
}

it.each([
  ['claude-code', ['.claude/settings.json', 'VSCODE/Code/User/settings.json']],
  ['codex', ['.codex/config.toml', '.codex/.env']],
  ['opencode', ['.config/opencode/opencode.json', '.local/share/opencode/auth.json']],
  ['kilo-code', ['.config/kilo/kilo.json', '.local/share/kilo/auth.json']],
  ['qwen-code', ['.qwen/settings.json']],
  ['droid', ['.factory/settings.json']],
  ['kimi', ['.kimi-code/config.toml']],
  ['pi', ['.pi/agent/models.json', '.pi/agent/settings.json', '.pi/agent/auth.json']],
  ['aider', ['.aider.conf.yml']],
  ['cline', ['.cline/data/settings/providers.json']],
  ['continue', ['.continue/config.yaml', '.continue/.env']],
  ['cursor', []],
  ['roo-code', []],
  ['jetbrains', []],
])('%s has its files where the tool reads them, on every system', (tool, files) => {
  const homes: Record<System, string> = {
    linux: '.config',
    macos: 'Library/Application Support',
    windows: 'AppData/Roaming',
  };
  for (const system of ['linux', 'macos', 'windows'] as const)
    expect(filesOf(tool, system)).toEqual(files.map((path) => path.replace('VSCODE', homes[system])));
});

it('Zed and VS Code have their own folder on each system', () => {
  expect(filesOf('zed', 'linux')).toEqual(['.config/zed/settings.json']);
  expect(filesOf('zed', 'macos')).toEqual(['.config/zed/settings.json']);
  expect(filesOf('zed', 'windows')).toEqual(['AppData/Roaming/Zed/settings.json']);
  expect(filesOf('copilot', 'linux')).toEqual([
    '.config/Code/User/chatLanguageModels.json',
    '.config/Code - Insiders/User/chatLanguageModels.json',
    '.zshrc',
  ]);
  expect(filesOf('copilot', 'macos')[0]).toBe(
    'Library/Application Support/Code/User/chatLanguageModels.json',
  );
  expect(filesOf('copilot', 'windows')).toEqual([
    'AppData/Roaming/Code/User/chatLanguageModels.json',
    'AppData/Roaming/Code - Insiders/User/chatLanguageModels.json',
  ]);
});

it.each([
  ['claude-code', { CLAUDE_CONFIG_DIR: '/home/me/c' }, 'c/settings.json'],
  ['codex', { CODEX_HOME: '/home/me/c' }, 'c/config.toml'],
  ['opencode', { XDG_CONFIG_HOME: '/home/me/c' }, 'c/opencode/opencode.json'],
  ['opencode', { OPENCODE_CONFIG: '/home/me/o.json' }, 'o.json'],
  ['opencode', { OPENCODE_CONFIG_DIR: '/home/me/o' }, 'o/opencode.json'],
  ['kilo-code', { KILO_CONFIG: '/home/me/k.json' }, 'k.json'],
  ['qwen-code', { QWEN_HOME: '/home/me/q' }, 'q/settings.json'],
  ['kimi', { KIMI_CODE_HOME: '/home/me/k' }, 'k/config.toml'],
  ['pi', { PI_CODING_AGENT_DIR: '/home/me/p' }, 'p/models.json'],
  ['cline', { CLINE_DIR: '/home/me/c' }, 'c/data/settings/providers.json'],
  ['cline', { CLINE_DATA_DIR: '/home/me/d' }, 'd/settings/providers.json'],
  ['cline', { CLINE_PROVIDER_SETTINGS_PATH: '/home/me/p.json' }, 'p.json'],
  ['continue', { CONTINUE_GLOBAL_DIR: '/home/me/c' }, 'c/config.yaml'],
  ['zed', { XDG_CONFIG_HOME: '/home/me/c' }, 'c/zed/settings.json'],
  ['copilot', { VSCODE_PORTABLE: '/home/me/v' }, 'v/user-data/User/chatLanguageModels.json'],
  ['copilot', { VSCODE_APPDATA: '/home/me/v' }, 'v/Code/User/chatLanguageModels.json'],
  ['codex', { CODEX_HOME: 'relative' }, '.codex/config.toml'],
])('%s keeps to %o', (tool, env, path) => {
  expect(filesOf(tool, 'linux', env)[0]).toBe(path);
});

it.each([
  ['linux', '/bin/bash', [], '.bashrc'],
  ['linux', '/usr/bin/zsh', [], '.zshrc'],
  ['linux', '/usr/bin/fish', [], '.config/fish/config.fish'],
  ['linux', '/bin/dash', [], '.profile'],
  ['macos', '/bin/zsh', [], '.zshrc'],
  ['macos', '/bin/bash', [], '.bash_profile'],
  ['macos', '/bin/bash', ['/Users/me/.profile'], '.profile'],
  ['linux', '/bin/elvish', [], undefined],
  ['windows', '/bin/bash', [], undefined],
] as const)('variables for %s and %s (there: %j) are in %s', (system, shell, there, path) => {
  expect(filesOf('openai-sdk', system, { SHELL: shell }, [...there])[0]).toBe(path);
});

it('variables that nobody can write for you are named', () => {
  const [step = ''] = lookedAt('openai-sdk', 'windows').steps;
  expect(step).toContain(
    'set OPENAI_BASE_URL to http://127.0.0.1:7411/api/v1, OPENAI_API_KEY to the key for your',
  );
  expect(lookedAt('openai-sdk', 'linux').steps).toEqual([expect.stringContaining('from now on')]);
  expect(lookedAt('copilot', 'windows').steps.join(' ')).toContain('COPILOT_PROVIDER_API_KEY to the key');
});
