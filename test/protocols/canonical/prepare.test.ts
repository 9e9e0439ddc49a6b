import { describe, expect, it } from 'vitest';
import { Dropped } from '../../../gateway/protocols/canonical/dropped.ts';
import { prepare } from '../../../gateway/protocols/canonical/prepare.ts';
import type { Replay } from '../../../gateway/protocols/canonical/replay.ts';
import type { CanonicalRequest, ReasoningPart } from '../../../gateway/protocols/canonical/request.ts';
import type { Target } from '../../../gateway/protocols/canonical/target.ts';
import type { Protocol } from '../../../gateway/protocols/endpoint.ts';
import { assistant, call, request, result, target, user } from './requests.ts';

function prepared(asked: CanonicalRequest, protocol: Protocol, into: Target = target()) {
  const dropped = new Dropped();
  const { request: made } = prepare(asked, protocol, into, dropped);
  return { turns: made.turns, dropped: dropped.text };
}

const replay = (rest: Partial<Replay> = {}): Replay => ({
  protocol: 'anthropic-messages',
  providerId: '7',
  id: null,
  data: 'signature',
  redacted: false,
  ...rest,
});
const thought = (made: Replay | null): ReasoningPart => ({ type: 'reasoning', text: 'hm', replay: made });
const reasoned = (made: Replay | null) =>
  request([user('hi'), assistant(thought(made), 'so'), user('go on')]);

describe('reasoning goes back', () => {
  it.each([
    ['to the provider that made it', replay(), 'anthropic-messages', 'openai'],
    [
      'to its protocol where its maker is unknown',
      replay({ providerId: null }),
      'anthropic-messages',
      'openai',
    ],
    ['as text to a chat provider that asks for it', replay(), 'openai-chat', 'deepseek'],
  ] as const)('%s', (_, made, protocol, kind) => {
    const { turns, dropped } = prepared(reasoned(made), protocol, target(kind));
    expect(turns[1]?.parts[0]).toEqual(thought(made));
    expect(dropped).toBeNull();
  });

  it.each([
    ['to another provider', replay({ providerId: '8' }), 'anthropic-messages', 'openai'],
    ['to another protocol', replay(), 'openai-responses', 'openai'],
    ['to a chat provider that refuses it', replay(), 'openai-chat', 'openai'],
    ['without what proves it', replay({ data: '' }), 'anthropic-messages', 'openai'],
    ['when nobody can say whose it is', null, 'openai-responses', 'openai'],
  ] as const)('never %s, which is told', (_, made, protocol, kind) => {
    const { turns, dropped } = prepared(reasoned(made), protocol, target(kind));
    expect(turns[1]).toEqual(assistant('so'));
    expect(dropped).toBe('reasoning');
  });
});

describe('parts that a target cannot take', () => {
  const image = {
    type: 'image' as const,
    source: { kind: 'base64' as const, mediaType: 'image/png', data: 'AA==' },
  };

  it('give way to a note, inside results too', () => {
    const asked = request([
      user('see', image),
      assistant(call('a')),
      user(result('a', 'shot', { parts: [image] })),
    ]);
    const { turns, dropped } = prepared(
      asked,
      'openai-chat',
      target('openai', { inputModalities: ['text'] }),
    );
    expect(JSON.stringify(turns)).not.toContain('AA==');
    expect(JSON.stringify(turns).split('image left out').length - 1).toBe(2);
    expect(dropped).toBe('image');
  });

  it('stay where nobody knows what the model takes', () => {
    const { turns, dropped } = prepared(request([user('see', image)]), 'openai-chat');
    expect(turns).toEqual([user('see', image)]);
    expect(dropped).toBeNull();
  });

  it('of another protocol are told by name', () => {
    const part = {
      type: 'opaque' as const,
      protocol: 'anthropic-messages' as const,
      name: 'server_tool_use',
      raw: {},
    };
    const { turns, dropped } = prepared(
      request([user('hi'), assistant(part, 'so'), user('x')]),
      'openai-chat',
    );
    expect(turns[1]).toEqual(assistant('so'));
    expect(dropped).toBe('server_tool_use');
  });

  it('are refused where they are a file that another provider keeps', () => {
    const file = {
      type: 'image' as const,
      source: { kind: 'file' as const, protocol: 'openai-responses' as const, id: 'file_1' },
    };
    expect(() => prepared(request([user(file)]), 'anthropic-messages')).toThrow(/send the image itself/);
  });
});

describe('ids of calls', () => {
  it.each([
    ['openai-responses', 'openai', /^[a-zA-Z0-9_-]{1,40}$/],
    ['openai-chat', 'mistral', /^[a-zA-Z0-9]{9}$/],
  ] as const)('fit %s at %s, in calls and results alike', (protocol, kind, rule) => {
    const ids = ['functions.read:0', 'x'.repeat(90), 'fine_id'];
    const asked = request([
      user('hi'),
      assistant(...ids.map((id) => call(id))),
      user(...ids.map((id) => result(id))),
    ]);
    const { turns } = prepared(asked, protocol, target(kind));
    const made = turns[1]?.parts.map((part) => part.type === 'tool_call' && part.id);
    expect(turns[2]?.parts.map((part) => part.type === 'tool_result' && part.callId)).toEqual(made);
    for (const id of made ?? []) expect(id).toMatch(rule);
    expect(new Set(made).size).toBe(3);
  });
});

it('what a request asked for and has no place is told', () => {
  expect(prepared(request([user('hi')], { unplaced: ['logprobs', 'n\r\nx'] }), 'openai-chat').dropped).toBe(
    'logprobs, n__x',
  );
});

it('a request of which nothing is left is refused', () => {
  expect(() => prepared(request([user('')]), 'openai-chat')).toThrow(/every message is empty/);
});
