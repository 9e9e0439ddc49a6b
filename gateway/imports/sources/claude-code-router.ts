import { inHome } from '../../connect/setup/machine.ts';
import type { ProviderKind } from '../../providers/provider-kinds.ts';
import type { Claim, Key } from '../claim.ts';
import { listIn, memberOf, type Table, tableIn, tableOf, textIn } from '../fields.ts';
import { json5Of } from '../formats.ts';
import { routerValue } from '../references.ts';
import type { Settings, Source, View } from '../source.ts';

/**
 * https://github.com/musistudio/claude-code-router (README, config.example.json): JSON5, whose `api_base_url` is a
 * whole endpoint, and whose values may refer to the environment.
 */
export const claudeCodeRouter: Source = {
  id: 'claude-code-router',
  label: 'claude-code-router',
  looksAt: 'The providers of its config.json.',
  file: 'own',
  paths: (machine) => [inHome(machine, '.claude-code-router', 'config.json')],
  look(view) {
    const file = view.own(inHome(view.machine, '.claude-code-router', 'config.json'), json5Of);
    if (file === null) return { claims: [], left: [] };
    const { content } = file;
    const list = memberOf(content, 'Providers') === undefined ? 'providers' : 'Providers';
    const claims = listIn(content, list).map((provider, index) =>
      claimOf(view, file, tableOf(provider), `${list}[${index}]`),
    );
    return { claims, left: [] };
  },
};

function claimOf(view: View, { shown, content }: Settings, provider: Table, at: string): Claim {
  const name = textIn(provider, 'name');
  const models = listIn(provider, 'models').filter((model) => typeof model === 'string');
  const address = filled(view, provider, 'api_base_url');
  const key = filled(view, provider, 'api_key');
  const shared = { id: at, name, place: `${shown}, ${at}` };
  const isUnfilled = address !== undefined && 'missing' in address;
  return {
    ...shared,
    kind: kindOf(provider),
    baseUrl: address && 'text' in address ? address.text : undefined,
    key: isUnfilled ? { why: `Its address is in ${address.missing}, which is not set here.` } : key,
    models: models.map((model) => ({ id: model, upstream: model })),
    notes: notesOf(content, name, models),
  };
}

function filled(view: View, provider: Table, member: string): Key | undefined {
  const text = textIn(provider, member);
  return text === undefined ? undefined : routerValue(text, (name) => view.variable(name));
}

/** A transformer tells the protocol; without one it is OpenAI's. */
const TRANSFORMERS: Readonly<Record<string, ProviderKind>> = {
  anthropic: 'anthropic-compatible',
  gemini: 'google',
  'vertex-gemini': 'vertex',
  'vertex-claude': 'vertex',
};

function kindOf(provider: Table): ProviderKind {
  const used = listIn(tableIn(provider, 'transformer'), 'use').map((one) =>
    Array.isArray(one) ? one[0] : one,
  );
  const kinds = used.flatMap((one) => {
    const name = typeof one === 'string' ? one.toLowerCase() : '';
    return Object.hasOwn(TRANSFORMERS, name) ? (TRANSFORMERS[name] ?? []) : [];
  });
  return kinds[0] ?? 'openai-compatible';
}

const ROUTES = ['default', 'background', 'think', 'longContext', 'webSearch', 'image'] as const;

/** `Router` names a model as `provider,model`. */
function notesOf(content: Table, name: string | undefined, models: readonly string[]): string[] {
  const router = tableIn(content, 'Router');
  const used = ROUTES.flatMap((route) => {
    const [provider, ...model] = (textIn(router, route) ?? '').split(',');
    const id = model.join(',').trim();
    return provider === name && models.includes(id) ? [`${route} ${id}`] : [];
  });
  const proxy = textIn(content, 'PROXY_URL') ?? textIn(content, 'HTTPS_PROXY');
  return [
    ...(used.length === 0 ? [] : [`claude-code-router uses it for: ${used.join(', ')}.`]),
    ...(proxy === undefined ? [] : ['Its proxy is not taken over.']),
    ...(textIn(content, 'CUSTOM_ROUTER_PATH') === undefined ? [] : ['Its own router is not taken over.']),
  ];
}
