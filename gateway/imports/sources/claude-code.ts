import { folderOf, inHome, type Machine, pathsOf, vsCodes } from '../../connect/setup/machine.ts';
import { isTable, listIn, memberOf, tableIn, tableOf, textIn, textsOf } from '../fields.ts';
import type { Left } from '../finding.ts';
import { jsonOf } from '../formats.ts';
import type { Source, View } from '../source.ts';
import { claimsOf } from '../variables.ts';

/**
 * https://code.claude.com/docs/en/settings ("env", "apiKeyHelper"), /en/iam (".credentials.json" is the login of a
 * subscription). `primaryApiKey` of .claude.json is the key that a login at the Console made; CLAUDE_CONFIG_DIR holds
 * both files where it is set.
 */
export const claudeCode: Source = {
  id: 'claude-code',
  label: 'Claude Code',
  looksAt: 'Its settings, also those of VS Code, and the key that it keeps itself. Logins are left alone.',
  file: 'own',
  paths: (machine) => [settings(machine), state(machine), login(machine)],
  look(view) {
    const found = [fromSettings(view), ...fromEditors(view), fromState(view), fromLogin(view)];
    return { claims: found.flatMap(({ claims }) => claims), left: found.flatMap(({ left }) => left) };
  },
};

function folder(machine: Machine): string {
  return folderOf(machine, 'CLAUDE_CONFIG_DIR', inHome(machine, '.claude'));
}

function settings(machine: Machine): string {
  return pathsOf(machine).join(folder(machine), 'settings.json');
}

function state(machine: Machine): string {
  return pathsOf(machine).join(folderOf(machine, 'CLAUDE_CONFIG_DIR', machine.home), '.claude.json');
}

function login(machine: Machine): string {
  return pathsOf(machine).join(folder(machine), '.credentials.json');
}

function fromSettings(view: View): ReturnType<Source['look']> {
  const file = view.own(settings(view.machine), jsonOf);
  if (file === null) return { claims: [], left: [] };
  const env = textsOf(tableIn(file.content, 'env'));
  const left: Left[] = [];
  if (textIn(file.content, 'apiKeyHelper') !== undefined) {
    const why =
      'A command prints the key, and no command is run for this. Run it yourself, and add the provider with its key.';
    left.push({ what: 'Anthropic', place: `${file.shown}, apiKeyHelper`, why });
  }
  for (const [name, service] of CLOUDS) {
    if (!/^(1|true|yes|on)$/i.test(env[name] ?? '')) continue;
    const why = `It goes to ${service} with a login of that cloud. Add ${service} with a key made for it.`;
    left.push({ what: service, place: `${file.shown}, env.${name}`, why });
  }
  return { claims: claimsOf(env, (name) => `${file.shown}, env.${name}`), left };
}

/** Its extension has variables of its own: https://code.claude.com/docs/en/vs-code */
function fromEditors(view: View): ReturnType<Source['look']>[] {
  return vsCodes(view.machine).map(({ name, user }) => {
    const file = view.own(pathsOf(view.machine).join(user, 'settings.json'), jsonOf);
    const list = file === null ? [] : listIn(file.content, 'claudeCode.environmentVariables').map(tableOf);
    const pairs = list.map((one) => [textIn(one, 'name') ?? '', textIn(one, 'value') ?? ''] as const);
    const place = (variable: string) => `${file?.shown ?? ''}, claudeCode.environmentVariables, ${variable}`;
    return { claims: claimsOf(Object.fromEntries(pairs), place, name), left: [] };
  });
}

/** https://code.claude.com/docs/en/third-party-integrations */
const CLOUDS = [
  ['CLAUDE_CODE_USE_BEDROCK', 'Amazon Bedrock'],
  ['CLAUDE_CODE_USE_VERTEX', 'Google Vertex AI'],
] as const;

/** Of this file, which holds conversations too, one member is looked at. */
function fromState(view: View): ReturnType<Source['look']> {
  const file = view.own(state(view.machine), jsonOf);
  const text = file === null ? undefined : textIn(file.content, 'primaryApiKey');
  if (file !== null && text === undefined && isTable(memberOf(file.content, 'oauthAccount'))) {
    // Told by the login itself, where that is in a file.
    if (view.has(login(view.machine))) return { claims: [], left: [] };
    const why = 'It is the login of an account, which is no API key.';
    return { claims: [], left: [{ what: 'Claude login', place: `${file.shown}, oauthAccount`, why }] };
  }
  if (file === null || text === undefined) return { claims: [], left: [] };
  const place = `${file.shown}, primaryApiKey`;
  return { claims: [{ id: 'primaryApiKey', kind: 'anthropic', key: { text }, place }], left: [] };
}

function fromLogin(view: View): ReturnType<Source['look']> {
  const file = view.own(login(view.machine), jsonOf);
  if (file === null || memberOf(file.content, 'claudeAiOauth') === undefined) return { claims: [], left: [] };
  const why = 'It is the login of a Claude subscription, which is no API key.';
  return { claims: [], left: [{ what: 'Claude subscription', place: file.shown, why }] };
}
