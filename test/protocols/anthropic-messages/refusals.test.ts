import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messagesCodec } from '../../../gateway/protocols/anthropic-messages/codec.ts';
import { Dropped } from '../../../gateway/protocols/canonical/dropped.ts';
import { prepare } from '../../../gateway/protocols/canonical/prepare.ts';
import type { Turn } from '../../../gateway/protocols/canonical/request.ts';
import type { Target } from '../../../gateway/protocols/canonical/target.ts';
import type { JsonObject } from '../../../gateway/protocols/json.ts';
import { CONVERSATION_RULES } from '../../support/provider/messages/conversation.ts';
import type { Rule } from '../../support/provider/refusal.ts';
import { request, tool } from '../canonical/requests.ts';
import { anyConversation } from './conversations.ts';
import { anthropic } from './encoding.ts';

interface Block {
  type: string;
  text?: string;
  content?: string | Block[];
  cache_control?: { ttl?: string };
}

/** As the hub sends it; undefined where nothing is left to send. */
function sent(
  turns: Turn[],
  to: Target,
): { body: JsonObject; system: Block[]; messages: { role: string; content: Block[] }[] } | undefined {
  const dropped = new Dropped();
  const asked = request(turns, { tools: [tool('read')] });
  let ready: ReturnType<typeof prepare>;
  try {
    ready = prepare(asked, 'anthropic-messages', to, dropped);
  } catch {
    return undefined;
  }
  const body = messagesCodec.encodeRequest(ready.request, to, dropped);
  return {
    body,
    system: Array.isArray(body.system) ? body.system : [],
    messages: body.messages as { role: string; content: Block[] }[],
  };
}

const CONTEXT = {
  betas: [],
  realm: 'scripted',
  dialect: {},
  stored: new Set(),
} as unknown as Parameters<Rule>[1];

describe.each([
  ['takes system messages among others', anthropic({}, { systemTurns: true })],
  ['takes a system prompt alone', anthropic()],
])('a conversation of any shape, for a model that %s', (_name, to) => {
  it('is in the order that the service takes', () => {
    fc.assert(
      fc.property(anyConversation, (turns) => {
        const made = sent(turns, to);
        if (made === undefined) return;
        for (const rule of CONVERSATION_RULES) expect(rule(made.body, CONTEXT)).toBeUndefined();
        const roles = made.messages.map(({ role }) => role);
        roles.forEach((role, index) => {
          if (role !== 'system') return;
          expect(roles[index - 1]).toBe('user');
          expect([undefined, 'assistant']).toContain(roles[index + 1]);
        });
      }),
    );
  });

  it('has no blank text, and no picture in a failed result', () => {
    fc.assert(
      fc.property(anyConversation, (turns) => {
        const made = sent(turns, to);
        if (made === undefined) return;
        const blocks = [...made.system, ...made.messages.flatMap(({ content }) => content)];
        const inner = blocks.flatMap(({ content }) => (Array.isArray(content) ? content : []));
        for (const block of [...blocks, ...inner]) {
          if (block.type === 'text') expect(block.text?.trim()).not.toBe('');
        }
        for (const block of blocks as (Block & { is_error?: boolean })[]) {
          if (block.is_error !== true || !Array.isArray(block.content)) continue;
          expect(block.content.every(({ type }) => type === 'text')).toBe(true);
        }
      }),
    );
  });

  it('has four marks at most, the longer ones first', () => {
    fc.assert(
      fc.property(anyConversation, (turns) => {
        const made = sent(turns, to);
        if (made === undefined) return;
        const inOrder = [...made.system, ...made.messages.flatMap(({ content }) => content)].flatMap(
          (block) => [...(Array.isArray(block.content) ? block.content : []), block],
        );
        const lifetimes = inOrder.flatMap(({ cache_control: mark }) =>
          mark === undefined ? [] : [mark.ttl ?? '5m'],
        );
        expect(lifetimes.length).toBeLessThanOrEqual(4);
        expect(lifetimes).toEqual(lifetimes.toSorted());
      }),
    );
  });
});
