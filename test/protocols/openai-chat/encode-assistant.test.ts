import { describe, expect, it } from 'vitest';
import type { Replay } from '../../../gateway/protocols/canonical/replay.ts';
import type { AssistantPart, Turn, UserPart } from '../../../gateway/protocols/canonical/request.ts';
import type { Target } from '../../../gateway/protocols/canonical/target.ts';
import { encode, PROVIDER, target } from './support.ts';

function messages(turns: Turn[], to?: Target): unknown {
  return encode({ turns }, to).body.messages;
}

const user = (...parts: UserPart[]): Turn => ({ role: 'user', parts });
const assistant = (...parts: AssistantPart[]): Turn => ({ role: 'assistant', parts });
const text = (value: string) => ({ type: 'text', text: value }) as const;
const call = (id: string, name: string, input: string) =>
  ({ type: 'tool_call', id, name, kind: 'function', input }) as const;

describe('reasoning given back', () => {
  const replay: Replay = {
    protocol: 'openai-chat',
    providerId: PROVIDER,
    id: null,
    data: '',
    redacted: false,
  };
  const thought = (members: Partial<Replay>, words = 'Hm.') =>
    ({ type: 'reasoning', text: words, replay: { ...replay, ...members } }) as const;
  const signed = thought({ data: '{"type":"reasoning.text","signature":"sig","index":0}' });
  const hidden = thought({ data: '{"type":"reasoning.encrypted","data":"gAAA"}', redacted: true }, '');

  it.each([
    ['reasoning_content', { reasoning_content: 'Hm.\n\nSo.' }],
    ['reasoning', { reasoning: 'Hm.\n\nSo.' }],
    [null, {}],
  ] as const)('is text in the field the target has for it: %s', (reasoningBack, members) => {
    const turn = assistant(thought({}), thought({}, 'So.'), text('Yes.'));
    expect(messages([turn], target({ reasoningBack }))).toEqual([
      { role: 'assistant', content: 'Yes.', ...members },
    ]);
  });

  it('is details as they came for the provider that made them', () => {
    const turn = assistant(signed, hidden, thought({}, 'So.'), text('Yes.'));
    expect(messages([turn], target({ reasoningBack: 'reasoning' }))).toEqual([
      {
        role: 'assistant',
        content: 'Yes.',
        reasoning_details: [
          { type: 'reasoning.text', signature: 'sig', index: 0, text: 'Hm.' },
          { type: 'reasoning.encrypted', data: 'gAAA' },
          { type: 'reasoning.text', text: 'So.' },
        ],
      },
    ]);
  });

  it('puts the text of a summary where it came from', () => {
    const summary = thought({ data: '{"type":"reasoning.summary","id":"rs_1","signature":"s"}' });
    expect(messages([assistant(summary)], target({ reasoningBack: 'reasoning' }))).toMatchObject([
      { reasoning_details: [{ type: 'reasoning.summary', id: 'rs_1', summary: 'Hm.' }] },
    ]);
  });

  it.each([
    [{ providerId: 'another' }, 'reasoning'],
    [{ providerId: null }, 'reasoning_content'],
    [{ protocol: 'anthropic-messages' }, 'reasoning'],
  ] as const)('is never a seal for whom it is not: %o to %s', (members, reasoningBack) => {
    const turn = assistant({ ...signed, replay: { ...signed.replay, ...members } });
    const [message] = messages([turn], target({ reasoningBack })) as object[];
    expect(message).toEqual({ role: 'assistant', content: '', [reasoningBack]: 'Hm.' });
  });

  it('is empty where DeepSeek asks for some and another model thought, unless it shall not think', () => {
    const deepseek = target({ reasoning: 'thinking', reasoningBack: 'reasoning_content' });
    const turns = [assistant(call('c', 'f', '{}'))];
    expect(encode({ turns }, deepseek).body.messages).toMatchObject([{ reasoning_content: '' }]);
    const off = { effort: 'none', budgetTokens: null, mode: null, summary: null, display: null } as const;
    const [message] = encode({ turns, reasoning: off }, deepseek).body.messages as object[];
    expect(message).not.toHaveProperty('reasoning_content');
  });

  it('is the signature of the call behind it, where Gemini signed it', () => {
    const extra = { google: { thought_signature: 'sig' } };
    const signature = thought({ data: JSON.stringify({ extra_content: extra }), redacted: true }, '');
    const turn = assistant(signature, text('Now.'), call('c', 'f', '{}'), call('d', 'g', '{}'));
    expect(messages([turn])).toEqual([
      {
        role: 'assistant',
        content: 'Now.',
        tool_calls: [
          {
            id: 'c',
            type: 'function',
            function: { name: 'f', arguments: '{}' },
            extra_content: extra,
          },
          { id: 'd', type: 'function', function: { name: 'g', arguments: '{}' } },
        ],
      },
    ]);
    const foreign = { ...signature, replay: { ...signature.replay, providerId: 'another' } };
    expect(JSON.stringify(messages([assistant(foreign, call('c', 'f', '{}'))]))).not.toContain(
      'extra_content',
    );
  });

  it('leaves no message where nothing else was said and none is taken back', () => {
    expect(messages([user(text('A')), assistant(thought({})), user(text('B'))])).toEqual([
      { role: 'user', content: 'A' },
      { role: 'user', content: 'B' },
    ]);
  });
});
