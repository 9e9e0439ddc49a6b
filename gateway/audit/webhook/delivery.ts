import { request } from 'undici';
import type { ProviderDispatcher } from '../../providers/dispatcher.ts';
import { signedHeaders } from './signature.ts';

/** A receiver that takes longer is tried again later. */
const ANSWER_MS = 10_000;

export interface Message {
  /** The same for every try, so that a receiver can tell them. */
  id: string;
  body: string;
}

/** How one try went. */
export interface Attempt {
  ok: boolean;
  /** The receiver's; null where none came. */
  status: number | null;
  latencyMs: number;
  /** What happened, for people, without the address and its tokens. */
  message: string;
  /** Trying again is of no use: the receiver says that it is gone (410). */
  final: boolean;
}

/**
 * Posts a message once. Redirects are not followed: the owner named an address, not what it points to. Of the answer
 * nothing but the status is looked at.
 * @param at wall-clock ms
 */
export async function deliver(
  dispatcher: ProviderDispatcher,
  to: { url: string; secret: string },
  message: Message,
  at: number,
  signal: AbortSignal,
): Promise<Attempt> {
  const begun = performance.now();
  const took = () => Math.round(performance.now() - begun);
  try {
    const { statusCode, body } = await request(to.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'notokenlimit-desktop',
        ...signedHeaders(to.secret, message.id, at, message.body),
      },
      body: message.body,
      dispatcher: await dispatcher.for(new URL(to.url)),
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
    });
    body.on('error', () => undefined).destroy();
    const ok = statusCode >= 200 && statusCode < 300;
    const words = ok ? `It was taken (${statusCode}).` : refusalWords(statusCode);
    return { ok, status: statusCode, latencyMs: took(), message: words, final: statusCode === 410 };
  } catch (error) {
    return { ok: false, status: null, latencyMs: took(), message: wordsOf(error), final: false };
  }
}

function refusalWords(status: number): string {
  if (status === 410) return 'The address says that it is gone (410).';
  if (status >= 300 && status < 400) return `It answered with a redirect (${status}), which is not followed.`;
  return `It answered ${status}.`;
}

function wordsOf(error: unknown): string {
  const { name, code } = error as { name?: string; code?: string };
  if (name === 'TimeoutError') return `Nothing answered within ${ANSWER_MS / 1_000} s.`;
  if (name === 'AbortError') return 'It was broken off.';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'There is no such name.';
  if (code === 'ECONNREFUSED') return 'Nothing listens there.';
  return `No answer came${code === undefined ? '' : ` (${code})`}.`;
}
