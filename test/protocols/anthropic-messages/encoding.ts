/** What the codec sends to a provider, and what it reports, for the tests of its encoders. */
import { messagesCodec } from '../../../gateway/protocols/anthropic-messages/codec.ts';
import { Dropped } from '../../../gateway/protocols/canonical/dropped.ts';
import type { CanonicalRequest, Turn } from '../../../gateway/protocols/canonical/request.ts';
import type { MessagesTraits, Target } from '../../../gateway/protocols/canonical/target.ts';
import type { JsonObject } from '../../../gateway/protocols/json.ts';
import type { ModelFacts } from '../../../gateway/protocols/model-facts.ts';
import { request, target, user } from '../canonical/requests.ts';

export interface Encoded {
  body: JsonObject;
  /** Comma list in the order of the alphabet; null for none. */
  dropped: string | null;
}

/** Facts and traits of an Anthropic model, with what a test changes of them. */
export function anthropic(facts: Partial<ModelFacts> = {}, traits: Partial<MessagesTraits> = {}): Target {
  const plain = target('anthropic', facts);
  return { ...plain, traits: { ...plain.traits, messages: { ...plain.traits.messages, ...traits } } };
}

export function encode(
  rest: Partial<CanonicalRequest>,
  to: Target = anthropic(),
  turns: Turn[] = [user('Hello')],
): Encoded {
  const dropped = new Dropped();
  const body = messagesCodec.encodeRequest(request(turns, rest), to, dropped);
  return { body, dropped: dropped.text };
}

export function encodeTurns(
  turns: Turn[],
  to: Target = anthropic(),
  rest: Partial<CanonicalRequest> = {},
): Encoded {
  return encode(rest, to, turns);
}
