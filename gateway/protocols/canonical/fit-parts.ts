/** Takes out of a conversation what the target cannot take, or puts a note in its place. */
import { GatewayError } from '../../errors.ts';
import type { Protocol } from '../endpoint.ts';
import type { Modality } from '../model-facts.ts';
import type { Dropped } from './dropped.ts';
import type {
  AssistantPart,
  DocumentPart,
  ImagePart,
  ReasoningPart,
  TextPart,
  Turn,
  UserPart,
} from './request.ts';
import type { Target } from './target.ts';

type TargetProtocol = Protocol | 'native';

export function fitParts(
  turns: readonly Turn[],
  protocol: TargetProtocol,
  target: Target,
  dropped: Dropped,
): Turn[] {
  return turns.map((turn): Turn => {
    if (turn.role === 'system') return turn;
    if (turn.role === 'assistant') {
      return {
        role: 'assistant',
        parts: turn.parts.filter((part) => keeps(part, protocol, target, dropped)),
      };
    }
    return {
      role: 'user',
      parts: turn.parts.flatMap((part) => fitUserPart(part, protocol, target, dropped)),
    };
  });
}

function keeps(part: AssistantPart, protocol: TargetProtocol, target: Target, dropped: Dropped): boolean {
  if (part.type === 'opaque' && part.protocol !== protocol) {
    dropped.add(part.name);
    return false;
  }
  if (part.type !== 'reasoning' || takesBack(part, protocol, target)) return true;
  dropped.add('reasoning');
  return false;
}

/**
 * Reasoning is verified by whoever made it; only a chat provider that asks for its text back takes any. One of
 * unknown making may go to its own protocol: it came from a client that speaks it.
 */
function takesBack({ text, replay }: ReasoningPart, protocol: TargetProtocol, target: Target): boolean {
  const isOwn = replay !== null && replay.protocol === protocol && replay.data !== '';
  if (protocol !== 'openai-chat') {
    return isOwn && (replay.providerId === null || replay.providerId === target.providerId);
  }
  if (isOwn && replay.providerId === target.providerId) return true;
  const { reasoningBack, reasoningFrom } = target.traits.chat;
  if (reasoningBack === null || text === '') return false;
  return reasoningFrom === 'anyone' || replay?.providerId === target.providerId;
}

function fitUserPart(part: UserPart, protocol: TargetProtocol, target: Target, dropped: Dropped): UserPart[] {
  switch (part.type) {
    case 'opaque':
      if (part.protocol === protocol) return [part];
      dropped.add(part.name);
      return [];
    case 'image':
    case 'document':
      return [fitMedia(part, protocol, target, dropped)];
    case 'tool_result':
      return [
        {
          ...part,
          parts: part.parts.map((inner) =>
            inner.type === 'text' ? inner : fitMedia(inner, protocol, target, dropped),
          ),
        },
      ];
    default:
      return [part];
  }
}

function fitMedia(
  part: ImagePart | DocumentPart,
  protocol: TargetProtocol,
  target: Target,
  dropped: Dropped,
): ImagePart | DocumentPart | TextPart {
  const { source } = part;
  if (source.kind === 'file' && source.protocol !== protocol) {
    throw new GatewayError(
      'invalid_request',
      `A file id is known to the provider that keeps the file alone, and this model has another; send the ${part.type} itself.`,
    );
  }
  const modality: Modality = part.type === 'image' ? 'image' : 'pdf';
  const known = target.facts.inputModalities;
  if (source.kind === 'text' || known === null || known.includes(modality)) return part;
  dropped.add(part.type);
  return leftOut(part);
}

/** What stands in the place of something that the model cannot be shown. */
export function leftOut(part: ImagePart | DocumentPart): TextPart {
  const name = part.type === 'document' && part.name !== undefined ? ` "${part.name}"` : '';
  return {
    type: 'text',
    text: `[${part.type}${name} left out: this model cannot be shown it]`,
    cache: part.cache,
  };
}
