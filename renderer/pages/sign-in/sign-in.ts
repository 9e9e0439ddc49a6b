import { AdminError } from '../../api/admin-api.ts';

/**
 * Signs this browser in with the admin token.
 * @throws AdminError with the gateway's refusal
 */
export async function signIn(token: string): Promise<void> {
  const response = await fetch('/panel/signin', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  if (response.ok) return;
  const answer = await response.json().catch(() => ({}));
  throw new AdminError(response.status, answer.error ?? {});
}
