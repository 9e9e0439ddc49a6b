import type { PasskeyQuestion, SignInWays } from '../../../gateway/doors/admin/contract.ts';
import { AdminError } from '../../api/admin-api.ts';
import { showPasskey } from './passkey.ts';

/**
 * Signs this browser in with the admin token.
 * @throws AdminError with the gateway's refusal
 */
export async function signIn(token: string): Promise<void> {
  await post('/panel/signin', { token });
}

/** From another computer. @throws AdminError with the gateway's refusal */
export async function signInByPassword(password: string): Promise<void> {
  await post('/panel/signin/password', { password });
}

/** From another computer. @throws AdminError with the gateway's refusal, Error with the browser's */
export async function signInByPasskey(): Promise<void> {
  const question: PasskeyQuestion = await (await post('/panel/signin/passkey/options', {})).json();
  await post('/panel/signin/passkey', await showPasskey(question));
}

/** By what one may sign in where this page is. */
export async function signInWays(signal: AbortSignal): Promise<SignInWays> {
  const response = await fetch('/panel/signin/ways', { signal });
  if (!response.ok) throw new AdminError(response.status, {});
  return response.json();
}

async function post(path: string, body: unknown): Promise<Response> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (response.ok) return response;
  const answer = await response.json().catch(() => ({}));
  throw new AdminError(response.status, answer.error ?? {});
}
