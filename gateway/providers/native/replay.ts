import type { Replay } from '../../protocols/canonical/replay.ts';
import type { Signature } from './metadata.ts';
import type { Maker } from './signatures.ts';

/** Reasoning as its maker takes it back; unsigned, it may be shown and no more. */
export function replayOf({ providerId }: Maker, signature: Signature | null): Replay {
  const { data, redacted } = signature ?? { data: '', redacted: false };
  return { protocol: 'native', providerId, id: null, data, redacted };
}
