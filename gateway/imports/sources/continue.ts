import { parseEnv } from 'node:util';
import { folderOf, inHome, type Machine, pathsOf } from '../../connect/setup/machine.ts';
import type { ProviderKind } from '../../providers/provider-kinds.ts';
import type { Claim } from '../claim.ts';
import { isTable, listIn, memberOf, type Table, tableIn, tableOf, textIn, textsOf } from '../fields.ts';
import type { Left } from '../finding.ts';
import { jsonOf, yamlOf } from '../formats.ts';
import { continueValue } from '../references.ts';
import type { Settings, Source, View } from '../source.ts';
import { bedrockAddress } from '../variables.ts';

/**
 * https://docs.continue.dev/reference (config.yaml) and /reference/json-reference; `modelSchema` of
 * @continuedev/config-yaml. Secrets come from the `.env` beside it, then from the environment
 * (core/config/yaml/LocalPlatformClient.ts of continuedev/continue).
 */
export const continueDev: Source = {
  id: 'continue',
  label: 'Continue',
  looksAt: 'Its config.yaml, or the older config.json, and the secrets of its .env.',
  file: 'own',
  paths: (machine) => [inContinue(machine, 'config.yaml'), inContinue(machine, 'config.json')],
  look(view) {
    // Continue itself reads the older file only where there is no newer one.
    const fresh = inContinue(view.machine, 'config.yaml');
    if (view.has(fresh)) return modelsIn(view, view.own(fresh, yamlOf), entriesOf);
    return modelsIn(view, view.own(inContinue(view.machine, 'config.json'), jsonOf), oldEntriesOf);
  },
};

function inContinue(machine: Machine, name: string): string {
  return pathsOf(machine).join(folderOf(machine, 'CONTINUE_GLOBAL_DIR', inHome(machine, '.continue')), name);
}

/** A model's table, and where it stands. */
type Entry = readonly [at: string, model: Table];

function entriesOf(config: Table): Entry[] {
  return listIn(config, 'models').map((model, index) => [`models[${index}]`, tableOf(model)]);
}

function oldEntriesOf(config: Table): Entry[] {
  const single = (name: string): Entry[] => {
    const value = memberOf(config, name);
    if (Array.isArray(value)) return value.map((model, index) => [`${name}[${index}]`, tableOf(model)]);
    return isTable(value) ? [[name, value]] : [];
  };
  return [...single('models'), ...single('tabAutocompleteModel'), ...single('embeddingsProvider')];
}

function modelsIn(
  view: View,
  file: Settings | null,
  read: (config: Table) => Entry[],
): ReturnType<Source['look']> {
  if (file === null) return { claims: [], left: [] };
  const dotenv = view.own(inContinue(view.machine, '.env'), parseEnv)?.content ?? {};
  const secret = (name: string) => textIn(dotenv, name) ?? view.variable(name);
  const claims: Claim[] = [];
  const left: Left[] = [];
  for (const [at, model] of read(file.content)) {
    const place = `${file.shown}, ${at}`;
    const uses = textIn(model, 'uses');
    const provider = textIn(model, 'provider')?.toLowerCase() ?? '';
    const service = Object.hasOwn(SERVICES, provider) ? SERVICES[provider] : undefined;
    if (uses !== undefined)
      left.push({ what: uses, place, why: 'It is a block of Continue’s hub, which holds its settings.' });
    else if (service === undefined) left.push({ what: nameOf(model), place, why: whyUnknown(provider) });
    else claims.push({ ...claimOf(model, service, secret), id: at, place });
  }
  return { claims, left };
}

function nameOf(model: Table): string {
  return textIn(model, 'name') ?? textIn(model, 'title') ?? textIn(model, 'model') ?? 'A model';
}

function whyUnknown(provider: string): string {
  return provider === 'vertexai'
    ? 'Vertex AI is asked with a login of Google Cloud. Add it with the key file of a service account.'
    : 'Its provider is none that the gateway knows. Add it by its base URL, where it speaks OpenAI’s protocol.';
}

type Service = readonly [kind: ProviderKind, baseUrl?: string];

/** Names of `provider`, in small letters, with the address where the kind has none of its own (core/llm/llms). */
const SERVICES: Readonly<Record<string, Service>> = {
  openai: ['openai'],
  anthropic: ['anthropic'],
  gemini: ['google'],
  openrouter: ['openrouter'],
  azure: ['azure-openai'],
  bedrock: ['bedrock'],
  deepseek: ['deepseek'],
  groq: ['groq'],
  mistral: ['mistral'],
  xai: ['xai'],
  together: ['together'],
  fireworks: ['fireworks'],
  novita: ['novita'],
  ollama: ['ollama'],
  lmstudio: ['lmstudio'],
  'llama.cpp': ['llamacpp'],
  vllm: ['vllm'],
  llamafile: ['openai-compatible', 'http://127.0.0.1:8080'],
  cerebras: ['openai-compatible', 'https://api.cerebras.ai/v1'],
  nvidia: ['openai-compatible', 'https://integrate.api.nvidia.com/v1'],
  deepinfra: ['openai-compatible', 'https://api.deepinfra.com/v1/openai'],
  sambanova: ['openai-compatible', 'https://api.sambanova.ai/v1'],
};

function claimOf(
  model: Table,
  [kind, baseUrl]: Service,
  secret: (name: string) => string | undefined,
): Omit<Claim, 'id' | 'place'> {
  const env = tableIn(model, 'env');
  const options = tableIn(model, 'requestOptions');
  const key = textIn(model, 'apiKey');
  const upstream = textIn(env, 'deployment') ?? textIn(model, 'engine') ?? textIn(model, 'model') ?? '';
  const id = textIn(model, 'model') ?? '';
  return {
    kind,
    baseUrl: addressOf(model, kind) ?? baseUrl,
    key: key === undefined ? undefined : continueValue(key, secret),
    headers: headersOf(tableIn(options, 'headers'), secret),
    // "AUTODETECT" stands for whatever a local server has.
    models: id === '' || id === 'AUTODETECT' ? [] : [{ id, upstream }],
    notes: notesOf(options),
  };
}

function addressOf(model: Table, kind: ProviderKind): string | undefined {
  const told = textIn(model, 'apiBase');
  if (told !== undefined || kind !== 'bedrock') return told;
  return bedrockAddress(textIn(tableIn(model, 'env'), 'region') ?? textIn(model, 'region'));
}

function headersOf(headers: Table, secret: (name: string) => string | undefined): Record<string, string> {
  const filled = Object.entries(textsOf(headers)).flatMap(([name, text]) => {
    const value = continueValue(text, secret);
    return 'text' in value ? [[name, value.text] as const] : [];
  });
  return Object.fromEntries(filled);
}

function notesOf(options: Table): string[] {
  return [
    ...(textIn(options, 'proxy') === undefined ? [] : ['Its proxy is not taken over.']),
    ...(memberOf(options, 'caBundlePath') === undefined ? [] : ['Its certificates are not taken over.']),
    ...(memberOf(options, 'verifySsl') === false
      ? ['Continue does not check its certificate; the gateway does.']
      : []),
  ];
}
