import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  holdsReplay,
  type Replay,
  unwrapReplay,
  wrapReplay,
} from '../../../gateway/protocols/canonical/replay.ts';

const anyReplay: fc.Arbitrary<Replay> = fc.record({
  protocol: fc.constantFrom('anthropic-messages', 'openai-responses', 'native'),
  providerId: fc.option(fc.string()),
  id: fc.option(fc.string()),
  data: fc.string({ unit: 'grapheme' }),
  redacted: fc.boolean(),
});

it('any replay comes back from its wrapping, and is seen in a body', () => {
  fc.assert(
    fc.property(anyReplay, (replay) => {
      const wrapped = wrapReplay(replay);
      expect(unwrapReplay(wrapped)).toEqual(replay);
      expect(wrapped).toMatch(/^[\w.-]+$/);
      expect(holdsReplay(Buffer.from(JSON.stringify({ signature: wrapped })))).toBe(true);
    }),
  );
});

it("a provider's own is never taken for a wrapped one, and a damaged one for none", () => {
  expect(unwrapReplay('EqQBCkYIBxgCKkD')).toBeUndefined();
  expect(unwrapReplay('')).toBeUndefined();
  for (const damage of [
    'ntl_replay.',
    'ntl_replay.%%%',
    `ntl_replay.${Buffer.from('{}').toString('base64url')}`,
  ]) {
    expect(unwrapReplay(damage)).toBeNull();
  }
});
