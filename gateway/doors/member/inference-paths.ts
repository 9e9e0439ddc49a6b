import { ENDPOINTS } from '../../protocols/endpoint.ts';

/** The OpenAPI description of the inference routes: bodies and answers are those of OpenAI and Anthropic. */
export function inferencePaths(): Record<string, object> {
  const posts = Object.values(ENDPOINTS).map(({ path }) => [`/v1${path}`, { post: post(path) }] as const);
  return Object.fromEntries([
    ...posts,
    ['/{tool}/v1/messages', { post: { ...post('/messages'), ...TOOL_ROUTE } }],
    ['/v1/models', { get: get('The models the key may use', []) }],
    ['/v1/models/{id}', { get: get('One model', [parameter('id', 'Slashes encoded or not.')]) }],
  ]);
}

const TEXTS: Readonly<Record<string, readonly [summary: string, source: string]>> = {
  '/chat/completions': [
    'OpenAI Chat Completions',
    'https://platform.openai.com/docs/api-reference/chat/create',
  ],
  '/messages': ['Anthropic Messages', 'https://docs.anthropic.com/en/api/messages'],
  '/messages/count_tokens': [
    'Anthropic token count; an estimate where the provider has no counter of its own',
    'https://docs.anthropic.com/en/api/messages-count-tokens',
  ],
  '/responses': ['OpenAI Responses', 'https://platform.openai.com/docs/api-reference/responses/create'],
  '/embeddings': ['OpenAI Embeddings', 'https://platform.openai.com/docs/api-reference/embeddings/create'],
  '/completions': [
    'OpenAI Completions, with `suffix` for autocomplete',
    'https://platform.openai.com/docs/api-reference/completions/create',
  ],
};

const TOOL_ROUTE = {
  summary: "A tool's route: its preset's prompt, model for `auto` and parameters",
  description:
    'Tools: `claudecode`, `cline`, `cursor`, `roocode` and those the owner adds. All inference routes answer there.',
  parameters: [parameter('tool', 'Which preset.')],
};

function post(path: string): object {
  const [summary, source] = TEXTS[path] ?? [path, ''];
  const stream = 'application/json, or text/event-stream where `stream` is asked for';
  return {
    tags: ['Inference'],
    summary,
    description: `Also under \`/api/v1\`. Body and answer: ${source}`,
    requestBody: {
      required: true,
      content: {
        'application/json': { schema: { type: 'object', properties: { model: MODEL }, required: ['model'] } },
      },
    },
    responses: {
      200: { description: stream },
      default: { description: "An error in the protocol's own form" },
    },
  };
}

const MODEL = { type: 'string', description: 'A public model id, or `auto`.' };

function get(summary: string, parameters: object[]): object {
  return {
    tags: ['Inference'],
    summary,
    description:
      "OpenAI's form; Anthropic's where the request carries `anthropic-version`. The list is whole, or with `page` " +
      'and the like a page with `pagination`.',
    parameters,
    responses: { 200: { description: 'application/json' }, default: { description: 'An error' } },
  };
}

function parameter(name: string, description: string): object {
  return { name, in: 'path', required: true, schema: { type: 'string' }, description };
}
