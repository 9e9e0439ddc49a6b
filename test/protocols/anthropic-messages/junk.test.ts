import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../gateway/errors.ts';
import { messagesCodec } from '../../../gateway/protocols/anthropic-messages/codec.ts';
import { Dropped } from '../../../gateway/protocols/canonical/dropped.ts';
import { prepare } from '../../../gateway/protocols/canonical/prepare.ts';
import type { JsonObject } from '../../../gateway/protocols/json.ts';
import { decodeEvents, ORIGIN } from './answers.ts';
import { anthropic } from './encoding.ts';

const NAMES =
  `type role content text system messages tools tool_choice name id input input_schema source data media_type
  title thinking signature index delta content_block usage message error cache_control ttl citations partial_json
  tool_use_id is_error output_config effort format schema stop_reason max_tokens temperature metadata user_id`.split(
    /\s+/,
  );
const VALUES =
  `text user assistant system tool_use tool_result thinking redacted_thinking image document search_result
  message_start content_block_start content_block_delta content_block_stop message_delta message_stop error text_delta
  thinking_delta input_json_delta signature_delta citations_delta base64 url file auto any tool adaptive enabled
  json_schema ephemeral 1h custom web_search_20250305 server_tool_use`.split(/\s+/);

/** JSON objects of the protocol's own words in any order. */
const { junk } = fc.letrec<{ junk: JsonObject; value: unknown }>((tie) => ({
  junk: fc.dictionary(fc.constantFrom(...NAMES), tie('value'), { maxKeys: 6 }) as fc.Arbitrary<JsonObject>,
  value: fc.oneof(
    { depthSize: 'medium' },
    fc.constantFrom(...VALUES),
    fc.constantFrom(null, true, 0, -1, 1.5, ''),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('junk'),
  ),
}));

function onlyGatewayErrors(act: () => unknown): void {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(GatewayError);
  }
}

describe('junk', () => {
  it('for a request is refused in the gateway’s own words, or understood as far as another provider takes it', () => {
    const messages = fc.array(junk, { maxLength: 3 });
    fc.assert(
      fc.property(junk, messages, (body, list) => {
        onlyGatewayErrors(() => {
          const request = messagesCodec.decodeRequest({ ...body, messages: list });
          const dropped = new Dropped();
          const ready = prepare(request, 'anthropic-messages', anthropic(), dropped);
          messagesCodec.encodeRequest(ready.request, anthropic(), dropped);
        });
      }),
      { numRuns: 500 },
    );
  });

  it('for blocks of a message is refused or understood, too', () => {
    const message = fc.record({
      role: fc.constantFrom('user', 'assistant'),
      content: fc.array(junk, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(message, (one) =>
        onlyGatewayErrors(() => messagesCodec.decodeRequest({ messages: [one] })),
      ),
      { numRuns: 500 },
    );
  });

  it('for an answer, an event or an error is never an error', () => {
    fc.assert(
      fc.property(junk, fc.array(junk, { maxLength: 6 }), (body, events) => {
        messagesCodec.decodeAnswer(body, ORIGIN);
        messagesCodec.decodeError(body);
        decodeEvents(events);
      }),
      { numRuns: 500 },
    );
  });
});
