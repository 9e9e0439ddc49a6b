import { ask } from '../doors/member/ask.ts';
import type { TestGateway } from '../support/gateway.ts';

/** A route with its method, as the description under /docs has it. */
export interface Operation {
  method: string;
  /** With `{id}` and the like. */
  path: string;
}

const MESSAGES = [{ role: 'user', content: 'hi' }];

/** What a request of each route may say; the others need no body. */
const BODIES: Readonly<Record<string, unknown>> = {
  'POST /v1/chat/completions': { model: 'ntl/echo', max_tokens: 5, messages: MESSAGES },
  'POST /v1/messages': { model: 'ntl/echo', max_tokens: 5, messages: MESSAGES },
  'POST /{tool}/v1/messages': { model: 'ntl/echo', max_tokens: 5, messages: MESSAGES },
  'POST /v1/messages/count_tokens': { model: 'ntl/echo', messages: MESSAGES },
  'POST /v1/responses': { model: 'ntl/echo', max_output_tokens: 16, input: 'hi' },
  'POST /v1/embeddings': { model: 'ntl/echo', input: 'hi' },
  'POST /v1/completions': { model: 'ntl/echo', max_tokens: 5, prompt: 'hi' },
  'POST /tenant/keys': { name: 'made' },
  'POST /tenant/billing/topup': { amount: 5 },
  'POST /tenant/billing/checkout': { plan: 'pro' },
};

/** Every route of the member API, the inference routes included, in the order of the description. */
export async function operationsOf(gateway: TestGateway): Promise<Operation[]> {
  const { body } = await ask(gateway, '/docs/json', { key: '' });
  return Object.entries(body.paths as Record<string, object>).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
  );
}

export function nameOf({ method, path }: Operation): string {
  return `${method} ${path}`;
}

/** A request of the route that is right in itself. @param keyId what `{id}` of a key stands for */
export function sampleOf(
  operation: Operation,
  keyId: string,
): { method: string; path: string; body?: unknown } {
  const body = BODIES[nameOf(operation)];
  const id = operation.path.startsWith('/v1/models') ? 'ntl/echo' : keyId;
  return {
    method: operation.method,
    path: operation.path.replace('{tool}', 'claudecode').replace('{id}', id),
    ...(body === undefined ? {} : { body }),
  };
}
