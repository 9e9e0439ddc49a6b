import type { TestGateway } from '../../support/gateway.ts';

/** A small studio's gateway: providers, models, members, keys, limits. Its providers' names resolve to nothing. */
export interface Studio {
  /** Ids by name. */
  providers: Record<string, string>;
  members: Record<string, string>;
  /** Key ids with whose they are. */
  keys: { id: string; memberId: string }[];
  models: readonly string[];
  /** Provider ids of each model, in order. */
  targets: Record<string, string[]>;
}

const PROVIDERS = [
  ['Anthropic', 'anthropic', 'https://api.anthropic.example', 'sk-made-up-1'],
  ['OpenAI', 'openai', 'https://api.openai.example/v1', 'sk-made-up-2'],
  ['Google', 'google', 'https://gemini.example', 'made-up-3'],
  ['DeepSeek', 'deepseek', 'https://api.deepseek.example', 'sk-made-up-4'],
  ['OpenRouter', 'openrouter', 'https://openrouter.example/api/v1', 'sk-made-up-5'],
  ['Ollama', 'ollama', 'http://ollama.example:11434', null],
  ['Rack (vLLM)', 'vllm', 'http://rack.example:8000/v1', null],
] as const;

const MODELS = [
  [
    'claude-sonnet-4-5',
    [
      ['Anthropic', 'claude-sonnet-4-5-20250929'],
      ['OpenRouter', 'anthropic/claude-sonnet-4.5'],
    ],
    1,
  ],
  [
    'claude-opus-4-5',
    [
      ['Anthropic', 'claude-opus-4-5-20251101'],
      ['OpenRouter', 'anthropic/claude-opus-4.5'],
    ],
    3,
  ],
  ['claude-haiku-4-5', [['Anthropic', 'claude-haiku-4-5-20251001']], 1],
  [
    'gpt-5.1',
    [
      ['OpenAI', 'gpt-5.1'],
      ['OpenRouter', 'openai/gpt-5.1'],
    ],
    1.5,
  ],
  ['gemini-2.5-flash', [['Google', 'gemini-2.5-flash']], 1],
  [
    'deepseek-v3',
    [
      ['DeepSeek', 'deepseek-chat'],
      ['OpenRouter', 'deepseek/deepseek-chat'],
    ],
    1,
  ],
  [
    'qwen3-coder:30b',
    [
      ['Ollama', 'qwen3-coder:30b'],
      ['Rack (vLLM)', 'Qwen/Qwen3-Coder-30B'],
    ],
    1,
  ],
] as const;

const ALIASES = {
  'quota/fast': 'claude-haiku-4-5',
  'quota/balanced': 'gpt-5.1',
  'quota/opus': 'claude-opus-4-5',
};

const MEMBERS = [
  {
    name: 'Ada',
    email: 'ada@studio.example',
    prepaid: true,
    allowedModels: [
      'claude-sonnet-4-5',
      'claude-opus-4-5',
      'claude-haiku-4-5',
      'gpt-5.1',
      'gemini-2.5-flash',
    ],
  },
  { name: 'Mika', email: 'mika@studio.example' },
  { name: 'Noor', email: 'noor@studio.example' },
  { name: 'Jun', email: 'jun@studio.example', planId: 'free' },
  { name: 'build agent', allowedIps: ['127.0.0.1', '192.168.1.12'] },
  { name: 'review bot' },
  { name: 'Old laptop', planId: 'free', status: 'disabled' },
  { name: 'Sol', status: 'pending' },
];

const KEYS = [
  ['Ada', 'laptop'],
  ['Ada', 'ci'],
  ['Ada', 'notebook'],
  ['Mika', 'main'],
  ['Mika', 'codex'],
  ['Noor', 'vs code'],
  ['Jun', 'continue'],
  ['build agent', 'runner'],
  ['review bot', 'pull requests'],
] as const;

const DAY = 86_400;

const LIMITS = [
  ['Ada', null, 'tokens', 60, 1_000_000],
  ['Ada', null, 'tokens', DAY, 16_000_000],
  ['Ada', 'claude-opus-4-5', 'tokens', DAY, 3_000_000],
  ['Ada', null, 'cost', 30 * DAY, 350_000_000],
  ['Mika', null, 'cost', 30 * DAY, 250_000_000],
  ['Jun', null, 'tokens', DAY, 4_000_000],
  ['build agent', null, 'tokens', DAY, 9_000_000],
] as const;

/** Sets it all up by the admin API. */
export async function furnish(gateway: TestGateway): Promise<Studio> {
  const post = async (path: string, body: unknown, method = 'POST') => {
    const { status, body: answer } = await gateway.admin(method, path, body);
    if (status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
    return answer;
  };
  const providers: Record<string, string> = {};
  for (const [name, kind, baseUrl, credential] of PROVIDERS)
    providers[name] = (await post('/providers', { name, kind, baseUrl, credential })).id;
  const targets: Record<string, string[]> = {};
  for (const [id, named, multiplier] of MODELS) {
    const list = named.map(([provider, upstreamModel], priority) => ({
      ...{ providerId: providers[provider], upstreamModel, priority },
    }));
    await post('/models', { id, targets: list, multiplier });
    targets[id] = list.map(({ providerId }) => providerId ?? '');
  }
  for (const [id, aliasOf] of Object.entries(ALIASES))
    await post(`/models/${encodeURIComponent(id)}`, { aliasOf }, 'PATCH');
  await post(`/providers/${providers['Rack (vLLM)']}`, { enabled: false }, 'PATCH');

  const members: Record<string, string> = {};
  for (const member of MEMBERS) members[member.name] = (await post('/members', member)).id;
  const keys: Studio['keys'] = [];
  for (const [member, name] of KEYS) {
    const memberId = members[member] ?? '';
    keys.push({ id: (await post('/keys', { memberId, name })).id, memberId });
  }
  for (const [member, model, metric, windowSeconds, amount] of LIMITS) {
    const limit = { scope: 'member', subjectId: members[member], model, metric, windowSeconds, amount };
    await post('/limits', limit, 'PUT');
  }
  await post(`/members/${members.Ada}/grants`, { tokens: 64_000_000, note: 'Release week' });
  await post('/ip-blocks', { cidr: '203.0.113.0/24', reason: 'Scanned the port' });
  return { providers, members, keys, models: MODELS.map(([id]) => id), targets };
}
