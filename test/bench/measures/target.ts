import type { Call } from '../calls.ts';
import { ask } from '../client/ask.ts';
import { checkAnswer } from '../client/check-answer.ts';
import type { Target } from '../client/load.ts';
import { requestBytes } from '../client/request-bytes.ts';
import { requestBody } from '../conversation.ts';
import { type Provider, providerAddress } from '../sides/provider.ts';
import type { Side } from '../sides/side.ts';

/**
 * Puts a call in a side's words, asks it twice, and reads the second answer word for word: every later one is held
 * to that.
 * @param side null for the provider itself
 * @param bytes length of the request's body
 * @returns with what the second answer took, in milliseconds; null where the side has no such call
 */
export async function targetOf(
  provider: Provider,
  side: Side | null,
  call: Call,
  bytes: number,
): Promise<{ target: Target; ms: number } | null> {
  const address = side === null ? providerAddress(call) : side.address(call);
  if (address === null) return null;
  const { path, headers, model, protocol } = address;
  const port = side?.port ?? provider.port;
  const request = requestBytes(port, path, headers, requestBody(model, call.script, bytes));
  // The first call of its kind may have to load code.
  await ask(port, request);
  const begun = performance.now();
  const answer = await ask(port, request);
  const ms = performance.now() - begun;
  return { target: { port, request, expected: checkAnswer(answer, protocol, call.script) }, ms };
}
