import type { TestGateway } from '../../support/gateway.ts';

/** One small request with a key, as a tool would send it: the status, and the code of a refusal. */
export async function ask(
  gateway: TestGateway,
  key: string,
  model = 'ntl/echo',
): Promise<{ status: number; code: string | undefined }> {
  const body = { model, messages: [{ role: 'user', content: 'hello' }], max_tokens: 16 };
  const answer = await gateway.post('/api/v1/chat/completions', body, { key });
  return { status: answer.status, code: answer.body.error?.code };
}
