/** Variables in which keys are kept as a rule, by the provider they are for. */
import { PROVIDERS } from '../providers/catalogue.ts';
import type { ProviderKind } from '../providers/provider-kinds.ts';
import type { Claim, Key } from './claim.ts';
import type { ImportedModel } from './finding.ts';

interface Names {
  kind: ProviderKind;
  /** Each that is set is a key of its own. */
  keys: readonly string[];
  /** The first that is set is where it answers. */
  urls?: readonly string[];
  /** Where it answers otherwise; left out for the kind's own address. */
  url?: string;
  name?: string;
}

/**
 * As the services' own SDKs and documentation name them, and LiteLLM and the AI SDK where they differ
 * (https://docs.litellm.ai/docs/set_keys, https://ai-sdk.dev/providers).
 */
const NAMES: readonly Names[] = [
  { kind: 'openai', keys: ['OPENAI_API_KEY'], urls: ['OPENAI_BASE_URL', 'OPENAI_API_BASE'] },
  { kind: 'anthropic', keys: ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN'], urls: ['ANTHROPIC_BASE_URL'] },
  { kind: 'google', keys: ['GEMINI_API_KEY', 'GOOGLE_API_KEY', 'GOOGLE_GENERATIVE_AI_API_KEY'] },
  {
    ...{ kind: 'openrouter', keys: ['OPENROUTER_API_KEY'] },
    urls: ['OPENROUTER_BASE_URL', 'OPENROUTER_API_BASE'],
  },
  {
    ...{ kind: 'azure-openai', keys: ['AZURE_OPENAI_API_KEY', 'AZURE_API_KEY'] },
    urls: ['AZURE_OPENAI_ENDPOINT', 'AZURE_OPENAI_BASE_URL', 'AZURE_API_BASE'],
  },
  { kind: 'deepseek', keys: ['DEEPSEEK_API_KEY'], urls: ['DEEPSEEK_BASE_URL', 'DEEPSEEK_API_BASE'] },
  { kind: 'groq', keys: ['GROQ_API_KEY'], urls: ['GROQ_BASE_URL'] },
  { kind: 'mistral', keys: ['MISTRAL_API_KEY'] },
  { kind: 'xai', keys: ['XAI_API_KEY'] },
  { kind: 'together', keys: ['TOGETHER_API_KEY', 'TOGETHER_AI_API_KEY', 'TOGETHERAI_API_KEY'] },
  { kind: 'fireworks', keys: ['FIREWORKS_API_KEY', 'FIREWORKS_AI_API_KEY'] },
  { kind: 'novita', keys: ['NOVITA_API_KEY'] },
  // https://docs.ollama.com/cloud: models of Ollama's own computers.
  { kind: 'ollama', keys: ['OLLAMA_API_KEY'], url: 'https://ollama.com', name: 'Ollama Cloud' },
];

const BEDROCK_KEY = 'AWS_BEARER_TOKEN_BEDROCK';

/** Whether any of them is set. */
export function hasVariables(variables: Readonly<Record<string, string | undefined>>): boolean {
  return [...NAMES.flatMap(({ keys }) => keys), BEDROCK_KEY].some((name) => valueIn(variables, name));
}

/**
 * What a set of variables says.
 * @param placeOf a variable, as people are told of it
 * @param set tells this set from another of the same source
 */
export function claimsOf(
  variables: Readonly<Record<string, string | undefined>>,
  placeOf: (variable: string) => string,
  set = '',
): Claim[] {
  const claims = NAMES.flatMap((names) => claimsFor(names, variables, placeOf));
  const all = [...claims, ...bedrock(variables, placeOf)];
  return set === '' ? all : all.map((claim) => ({ ...claim, id: `${set}: ${claim.id}` }));
}

function claimsFor(
  { kind, keys, urls = [], url, name }: Names,
  variables: Readonly<Record<string, string | undefined>>,
  placeOf: (variable: string) => string,
): Claim[] {
  const urlName = urls.find((one) => valueIn(variables, one) !== undefined);
  const told = urlName === undefined ? azureAddress(kind, variables) : valueIn(variables, urlName);
  const set = keys.filter((one) => valueIn(variables, one) !== undefined);
  const facts = { kind, name, baseUrl: told ?? url, models: modelsOf(kind, variables) };
  // A server that wants no key has an address alone.
  if (set.length === 0 && urlName !== undefined && kind === 'openai')
    return [{ ...facts, id: urlName, place: placeOf(urlName) }];
  return set.map((key) => ({
    ...{ ...facts, id: key, place: placeOf(key) },
    key: keyOf(key, valueIn(variables, key) ?? '', urlName),
  }));
}

/** Without an address the token is that of a login: https://code.claude.com/docs/en/llm-gateway */
function keyOf(name: string, text: string, urlName: string | undefined): Key {
  const isLogin = name === 'ANTHROPIC_AUTH_TOKEN' && urlName === undefined && !text.startsWith('sk-ant-api');
  return isLogin
    ? { why: 'Without ANTHROPIC_BASE_URL it is the token of a login, which is no API key.' }
    : { text };
}

/** The AI SDK is told the resource's name alone. */
function azureAddress(
  kind: ProviderKind,
  variables: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const name = kind === 'azure-openai' ? valueIn(variables, 'AZURE_RESOURCE_NAME') : undefined;
  return name !== undefined && /^[\w-]{1,64}$/.test(name) ? `https://${name}.openai.azure.com` : undefined;
}

/** https://code.claude.com/docs/en/model-config: "sonnet" and the like are its own names, and no models. */
const CLAUDE_MODELS = [
  ...['ANTHROPIC_MODEL', 'ANTHROPIC_DEFAULT_OPUS_MODEL', 'ANTHROPIC_DEFAULT_SONNET_MODEL'],
  ...['ANTHROPIC_DEFAULT_HAIKU_MODEL', 'ANTHROPIC_SMALL_FAST_MODEL', 'CLAUDE_CODE_SUBAGENT_MODEL'],
];
const CLAUDE_WORDS = new Set(['default', 'best', 'sonnet', 'opus', 'haiku', 'opusplan', 'inherit']);

function modelsOf(
  kind: ProviderKind,
  variables: Readonly<Record<string, string | undefined>>,
): ImportedModel[] {
  if (kind !== 'anthropic') return [];
  const named = CLAUDE_MODELS.flatMap((name) => valueIn(variables, name) ?? []);
  const models = named.map((name) => name.replace(/\[1m\]$/, ''));
  return [...new Set(models)]
    .filter((model) => !CLAUDE_WORDS.has(model))
    .map((model) => ({ id: model, upstream: model }));
}

/** https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys-use.html */
function bedrock(
  variables: Readonly<Record<string, string | undefined>>,
  placeOf: (variable: string) => string,
): Claim[] {
  const key = valueIn(variables, BEDROCK_KEY);
  const region = valueIn(variables, 'AWS_REGION') ?? valueIn(variables, 'AWS_DEFAULT_REGION');
  if (key === undefined) return [];
  const claim = {
    id: BEDROCK_KEY,
    kind: 'bedrock' as const,
    key: { text: key },
    place: placeOf(BEDROCK_KEY),
  };
  return [{ ...claim, baseUrl: bedrockAddress(region) }];
}

/** Undefined where no region is told. */
export function bedrockAddress(region: string | undefined): string | undefined {
  if (region === undefined || !/^[a-z0-9-]{1,40}$/.test(region)) return undefined;
  return PROVIDERS.bedrock.exampleUrl?.replace('us-east-1', region);
}

function valueIn(variables: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  const value = Object.hasOwn(variables, name) ? variables[name]?.trim() : undefined;
  return value === '' ? undefined : value;
}
