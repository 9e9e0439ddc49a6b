import { parseEnv } from 'node:util';
import { folderOf, inHome, type Machine, pathsOf } from '../../connect/setup/machine.ts';
import type { Claim, Key } from '../claim.ts';
import { isTable, memberOf, type Table, tableIn, tableOf, textIn, textsOf } from '../fields.ts';
import type { ImportedModel, Left } from '../finding.ts';
import { jsonOf, tomlOf } from '../formats.ts';
import { keyOfVariable } from '../references.ts';
import type { Settings, Source, View } from '../source.ts';

/**
 * https://developers.openai.com/codex/config-reference ("model_providers"), /codex/auth (auth.json);
 * `ModelProviderInfo` and `AuthDotJson` of openai/codex. Codex sets the variables of its `.env` before it looks.
 */
export const codex: Source = {
  id: 'codex',
  label: 'Codex',
  looksAt: 'Its config.toml and auth.json. Logins of ChatGPT are left alone.',
  file: 'own',
  paths: (machine) => [config(machine), auth(machine)],
  look(view) {
    const login = fromAuth(view);
    const file = view.own(config(view.machine), tomlOf);
    const claims = file === null ? [] : providersOf(view, file, login.key);
    const own = login.claim === null ? [] : [{ ...login.claim, ...openaiOf(file?.content ?? {}) }];
    return { claims: [...own, ...claims], left: [...login.left, ...inKeyring(view, file)] };
  },
};

function inCodex(machine: Machine, name: string): string {
  return pathsOf(machine).join(folderOf(machine, 'CODEX_HOME', inHome(machine, '.codex')), name);
}
const config = (machine: Machine) => inCodex(machine, 'config.toml');
const auth = (machine: Machine) => inCodex(machine, 'auth.json');

interface Login {
  claim: Claim | null;
  key: Key | undefined;
  left: Left[];
}

function fromAuth(view: View): Login {
  const file = view.own(auth(view.machine), jsonOf);
  if (file === null) return { claim: null, key: undefined, left: [] };
  const text = textIn(file.content, 'OPENAI_API_KEY');
  const place = `${file.shown}, OPENAI_API_KEY`;
  const key = text === undefined ? undefined : { text };
  const why = 'It is a ChatGPT login, which is no API key.';
  return {
    claim: key === undefined ? null : { id: 'auth.json', kind: 'openai', key, place },
    key,
    left: isTable(memberOf(file.content, 'tokens'))
      ? [{ what: 'ChatGPT login', place: `${file.shown}, tokens`, why }]
      : [],
  };
}

/** `cli_auth_credentials_store`: the key may be in the system's keychain, under a name of Codex's own. */
function inKeyring(view: View, file: Settings | null): Left[] {
  const store = file === null ? undefined : textIn(file.content, 'cli_auth_credentials_store');
  if (file === null || view.has(auth(view.machine)) || (store !== 'keyring' && store !== 'auto')) return [];
  const why = 'Codex keeps its key in the system’s keychain, where nothing else looks for it.';
  return [{ what: 'OpenAI', place: `${file.shown}, cli_auth_credentials_store`, why }];
}

/** The built-in provider's address may be another's, and has the models that no other provider is named for. */
function openaiOf(content: Table): Pick<Claim, 'baseUrl' | 'models'> {
  return { baseUrl: textIn(content, 'openai_base_url'), models: modelsOf(content, 'openai') };
}

function providersOf(view: View, { shown, content }: Settings, login: Key | undefined): Claim[] {
  const dotenv = view.own(inCodex(view.machine, '.env'), parseEnv)?.content ?? {};
  const variable = (name: string) => textIn(dotenv, name) ?? view.variable(name);
  return Object.entries(tableIn(content, 'model_providers')).flatMap(([id, value]) => {
    if (!isTable(value)) return [];
    return [
      {
        ...{ id: `model_providers.${id}`, kind: 'openai' as const, name: textIn(value, 'name') ?? id },
        baseUrl: textIn(value, 'base_url'),
        key: keyOf(value, variable, login),
        headers: textsOf(tableIn(value, 'http_headers')),
        place: `${shown}, model_providers.${id}`,
        models: modelsOf(content, id),
        notes: notesOf(value),
      },
    ];
  });
}

function keyOf(
  provider: Table,
  variable: (name: string) => string | undefined,
  login: Key | undefined,
): Key | undefined {
  if (isTable(memberOf(provider, 'auth')))
    return {
      why: 'A command prints its key, and no command is run for this. Add the provider with its key.',
    };
  if (isTable(memberOf(provider, 'aws')))
    return { why: 'It is asked with a login of AWS, which is no API key.' };
  const name = textIn(provider, 'env_key');
  if (name !== undefined) return keyOfVariable(name, variable);
  const text = textIn(provider, 'experimental_bearer_token');
  if (text !== undefined) return { text };
  return memberOf(provider, 'requires_openai_auth') === true ? login : undefined;
}

/** `model` beside `model_provider`, at the top and in each of the profiles that older versions have. */
function modelsOf(content: Table, provider: string): ImportedModel[] {
  const top = textIn(content, 'model_provider') ?? 'openai';
  const profiles = Object.values(tableIn(content, 'profiles')).map(tableOf);
  const chosen = [content, ...profiles].filter(
    (table) => (textIn(table, 'model_provider') ?? top) === provider,
  );
  const models = chosen.flatMap((table) => textIn(table, 'model') ?? []);
  return [...new Set(models)].map((model) => ({ id: model, upstream: model }));
}

function notesOf(provider: Table): string[] {
  const left = ['query_params', 'env_http_headers'].filter(
    (name) => Object.keys(tableIn(provider, name)).length > 0,
  );
  return left.map((name) => `Its ${name} are not taken over.`);
}
