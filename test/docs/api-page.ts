import { ask } from '../doors/member/ask.ts';
import type { TestGateway } from '../support/gateway.ts';
import { apiPage, type Description } from './api-text.ts';

/** The page docs/api.md, from what a gateway describes of itself. */
export async function apiPageOf(gateway: TestGateway): Promise<string> {
  const read = async (path: string): Promise<Description> => (await ask(gateway, path, { key: '' })).body;
  return apiPage(await read('/docs/json'), await read('/docs/admin.json'));
}
