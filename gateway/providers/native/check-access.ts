import { Dropped } from '../../protocols/canonical/dropped.ts';
import { UNKNOWN_FACTS } from '../../protocols/model-facts.ts';
import type { NativeKind } from './kinds.ts';
import type { NativeModel } from './native-model.ts';
import type { Refusal } from './provider-error.ts';

/** Models that nobody has. */
const NOBODYS: Readonly<Record<NativeKind, string>> = {
  google: 'gemini-access-check',
  vertex: 'gemini-access-check',
  bedrock: 'access.check-v1:0',
};

/**
 * Asks for a model that does not exist. A service looks at the credential first, so being told that there is no
 * such model shows that all else is right.
 * @returns the refusal, where it speaks of something else
 */
export async function checkAccess(
  kind: NativeKind,
  model: Pick<NativeModel, 'generate'>,
  signal: AbortSignal,
): Promise<Refusal | null> {
  const target = { providerId: '', upstreamModel: NOBODYS[kind], facts: UNKNOWN_FACTS };
  const options = { prompt: [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'hi' }] }] };
  const outcome = await model.generate({ target, options }, new Dropped(), signal);
  return outcome.kind === 'refused' && outcome.status !== 400 && outcome.status !== 404 ? outcome : null;
}
