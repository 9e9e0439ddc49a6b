import type { Claim, Key } from '../claim.ts';
import { isTable, listIn, memberOf, type Table, tableIn, tableOf, textIn } from '../fields.ts';
import type { ImportedModel, Left } from '../finding.ts';
import { yamlOf } from '../formats.ts';
import { litellmValue } from '../references.ts';
import type { Settings, Source, View } from '../source.ts';
import { bedrockAddress } from '../variables.ts';
import { LITELLM_SERVICES, type LitellmService } from './litellm-services.ts';

/**
 * https://docs.litellm.ai/docs/proxy/configs: `model_list` of `model_name` and `litellm_params`, whose `model` begins
 * with the provider; `credential_list`, `environment_variables` and `router_settings.model_group_alias`.
 */
export const litellm: Source = {
  id: 'litellm',
  label: 'LiteLLM',
  looksAt: 'The models of a config.yaml that you choose, as one provider for each address and key.',
  file: 'chosen',
  paths: () => [],
  look(view) {
    const file = view.chosen(yamlOf);
    if (file === null) return { claims: [], left: [] };
    const { shown, content } = file;
    const claims: Claim[] = [];
    const left: Left[] = [];
    for (const [index, entry] of listIn(content, 'model_list').entries()) {
      const at = `model_list[${index}]`;
      const found = claimOf(view, content, tableOf(entry), { id: at, place: `${shown}, ${at}` });
      if ('why' in found) left.push(found);
      else claims.push(found);
    }
    return { claims, left: [...left, ...included(file)] };
  },
};

function included({ shown, content }: Settings): Left[] {
  const why = 'Other files are not followed: choose each of them.';
  return listIn(content, 'include').length === 0
    ? []
    : [{ what: 'Included files', place: `${shown}, include`, why }];
}

function claimOf(view: View, content: Table, entry: Table, place: Pick<Claim, 'id' | 'place'>): Claim | Left {
  const params = withCredential(content, tableIn(entry, 'litellm_params'));
  const { provider, upstream } = routeOf(params);
  const what = textIn(entry, 'model_name') ?? upstream;
  const service = Object.hasOwn(LITELLM_SERVICES, provider) ? LITELLM_SERVICES[provider] : undefined;
  if (service === undefined) {
    const why =
      'Its provider is none that the gateway knows. Add it by its base URL, where it speaks OpenAI’s protocol.';
    return { what, place: place.place, why };
  }
  if (service.why !== undefined) return { what, place: place.place, why: service.why };
  const value = (text: string) => litellmValue(text, (name) => variableOf(view, content, name));
  const address = addressOf(params, service, value);
  const isUnset = address !== undefined && 'missing' in address;
  return {
    ...place,
    kind: service.kind,
    baseUrl: address && 'text' in address ? address.text : service.baseUrl,
    key: isUnset
      ? { why: `Its address is in ${address.missing}, which is not set here.` }
      : keyOf(params, service, value),
    models: modelsOf(content, entry, upstream),
    notes: memberOf(params, 'extra_headers') === undefined ? [] : ['Its extra_headers are not taken over.'],
  };
}

/** `credential_list` holds keys and addresses that models refer to by name. */
function withCredential(content: Table, params: Table): Table {
  const name = textIn(params, 'litellm_credential_name');
  const known = listIn(content, 'credential_list')
    .map(tableOf)
    .find((one) => name !== undefined && textIn(one, 'credential_name') === name);
  return known === undefined ? params : { ...tableIn(known, 'credential_values'), ...params };
}

/** `openai/gpt-4o` is OpenAI's; a model alone is told by its name, as LiteLLM does (get_llm_provider). */
function routeOf(params: Table): { provider: string; upstream: string } {
  const model = textIn(params, 'model') ?? '';
  const told = textIn(params, 'custom_llm_provider')?.toLowerCase();
  const cut = model.indexOf('/');
  const begin = cut < 0 ? '' : model.slice(0, cut).toLowerCase();
  if (Object.hasOwn(LITELLM_SERVICES, begin)) {
    const rest = model.slice(cut + 1);
    // Azure and Bedrock have a second word for how they are asked.
    return {
      provider: told ?? begin,
      upstream: rest.replace(/^(converse|invoke|responses|o_series|gpt5_series)\//, ''),
    };
  }
  if (told !== undefined) return { provider: told, upstream: model };
  if (cut >= 0) return { provider: begin, upstream: model };
  if (model.startsWith('claude')) return { provider: 'anthropic', upstream: model };
  return {
    provider: /^(gpt|chatgpt|o\d|text-embedding|dall-e)/.test(model) ? 'openai' : '',
    upstream: model,
  };
}

/** The file's own `environment_variables` come after those that are set. */
function variableOf(view: View, content: Table, name: string): string | undefined {
  return view.variable(name) ?? textIn(tableIn(content, 'environment_variables'), name);
}

type Value = (text: string) => Key;

/** What names an address, else the provider's variable, else nothing. */
function addressOf(params: Table, service: LitellmService, value: Value): Key | undefined {
  const told = textIn(params, 'api_base') ?? textIn(params, 'base_url');
  if (told !== undefined) return value(told);
  if (service.kind === 'bedrock') {
    const region = value(textIn(params, 'aws_region_name') ?? 'os.environ/AWS_REGION_NAME');
    const address = 'text' in region ? bedrockAddress(region.text) : undefined;
    return address === undefined ? undefined : { text: address };
  }
  return fromVariables(service.urls ?? [], value);
}

function keyOf(params: Table, service: LitellmService, value: Value): Key | undefined {
  if (service.kind === 'bedrock') return bedrockKey(params, value);
  const told = textIn(params, 'api_key');
  return told === undefined ? fromVariables(service.keys ?? [], value) : value(told);
}

/** The first that is set. */
function fromVariables(names: readonly string[], value: Value): Key | undefined {
  return names.map((name) => value(`os.environ/${name}`)).find((found) => 'text' in found);
}

/** A pair of AWS, as the gateway takes it; https://docs.litellm.ai/docs/providers/bedrock */
function bedrockKey(params: Table, value: Value): Key | undefined {
  const parts = ['aws_access_key_id', 'aws_secret_access_key', 'aws_session_token'].flatMap((name) => {
    const text = textIn(params, name);
    return text === undefined ? [] : [value(text)];
  });
  const unset = parts.find((part) => !('text' in part));
  if (unset !== undefined) return unset;
  if (parts.length >= 2)
    return { text: parts.flatMap((part) => ('text' in part ? part.text : [])).join(':') };
  return fromVariables(['AWS_BEARER_TOKEN_BEDROCK'], value);
}

/** The name it has for clients, and other names for that. A pattern such as `openai/*` names none. */
function modelsOf(content: Table, entry: Table, upstream: string): ImportedModel[] {
  const name = textIn(entry, 'model_name');
  if (name === undefined || name.includes('*') || upstream.includes('*')) return [];
  const aliases = Object.entries(tableIn(tableIn(content, 'router_settings'), 'model_group_alias'));
  const others = aliases.filter(([, to]) => (isTable(to) ? textIn(to, 'model') : to) === name);
  return [name, ...others.map(([alias]) => alias)].map((id) => ({ id, upstream }));
}
