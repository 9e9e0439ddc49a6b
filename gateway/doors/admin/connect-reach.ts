import { request } from 'undici';
import { INSTANCE_HEADER } from '../health.ts';
import * as contract from './contract.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { answers } from './schemas.ts';

/** A tunnel through another continent answers well within this. */
const REACH_MS = 8_000;

/** GET /connect/reach: whether an address leads here, before a tool is told of it. */
export function connectReachRoutes(app: AdminApp, parts: AdminParts): void {
  app.get(
    '/connect/reach',
    {
      schema: {
        summary: 'Whether an address leads to this gateway, tried out from here',
        querystring: contract.ConnectReachQuery,
        response: answers(contract.ConnectReach),
      },
    },
    async ({ query }) => {
      const [listening] = parts.runtime().addresses;
      const address = (query.address ?? listening)?.replace(/[?#].*$/, '').replace(/\/+$/, '');
      if (address === undefined) {
        const message = 'The gateway listens nowhere: only the desktop window reaches it.';
        return { address: '', verdict: 'nowhere' as const, latencyMs: null, message };
      }
      return { address, ...(await reach(address, parts.instance)) };
    },
  );
}

async function reach(address: string, instance: string): Promise<Omit<contract.ConnectReach, 'address'>> {
  const begun = performance.now();
  try {
    const answer = await request(`${address}/healthz`, { signal: AbortSignal.timeout(REACH_MS) });
    const latencyMs = Math.round(performance.now() - begun);
    await answer.body.dump();
    if (answer.headers[INSTANCE_HEADER] === instance)
      return { verdict: 'here', latencyMs, message: 'It leads here.' };
    const message = `Something else answers there, with HTTP ${answer.statusCode}.`;
    return { verdict: 'another', latencyMs, message };
  } catch (error) {
    return { verdict: 'silent', latencyMs: null, message: wordsOf(error) };
  }
}

function wordsOf(error: unknown): string {
  const { name, code } = error as { name?: string; code?: string };
  if (name === 'TimeoutError') return `Nothing answered within ${REACH_MS / 1_000} s.`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'There is no such name.';
  if (code === 'ECONNREFUSED') return 'Nothing listens there.';
  return `No answer came${code === undefined ? '' : ` (${code})`}.`;
}
