import { describe, expect, it } from 'vitest';
import type { Turn } from '../../../gateway/protocols/canonical/request.ts';
import { assistant, call, result, system, tool, user } from '../canonical/requests.ts';
import { anthropic, encodeTurns } from './encoding.ts';

const SYSTEM_TURNS = anthropic({}, { systemTurns: true });

/** Messages as `role: text | text`. */
function said(turns: Turn[], to = anthropic()): string[] {
  const { body } = encodeTurns(turns, to);
  const messages = body.messages as { role: string; content: Record<string, string>[] }[];
  return messages.map(
    ({ role, content }) =>
      `${role}: ${content.map((block) => block.text ?? `<${block.type} ${block.id ?? block.tool_use_id}>`).join(' | ')}`,
  );
}

describe('the system prompt', () => {
  it('is a text where it is one, and blocks where it is several', () => {
    expect(encodeTurns([system('One.'), user('a')]).body.system).toBe('One.');
    expect(encodeTurns([system('One.'), system('Two.'), user('a')]).body.system).toEqual([
      { type: 'text', text: 'One.' },
      { type: 'text', text: 'Two.' },
    ]);
    expect(encodeTurns([user('a')]).body).not.toHaveProperty('system');
  });

  it('keeps its marks', () => {
    const marked: Turn = { role: 'system', parts: [{ type: 'text', text: 'One.', cache: { ttl: '1h' } }] };
    expect(encodeTurns([marked, user('a')]).body.system).toEqual([
      { type: 'text', text: 'One.', cache_control: { type: 'ephemeral', ttl: '1h' } },
    ]);
  });

  it('is what the user says where nobody says anything', () => {
    expect(encodeTurns([system('One.'), system('Two.')]).body).toMatchObject({
      system: 'One.',
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Two.' }] }],
    });
    expect(encodeTurns([system('One.')]).body).not.toHaveProperty('system');
    expect(said([system('One.')])).toEqual(['user: One.']);
  });
});

describe('instructions in the middle', () => {
  const callTurn = assistant(call('c1'));
  const results = user(result('c1'), 'go on');

  it('keep their place among the user’s words where only a prompt at the top is known', () => {
    expect(said([user('a'), system('S'), user('b')])).toEqual(['user: a | System: S | b']);
    expect(said([user('a'), assistant('b'), system('S'), user('c')])).toEqual([
      'user: a',
      'assistant: b',
      'user: System: S | c',
    ]);
    expect(said([user('a'), system('S'), assistant('b'), user('c')])).toEqual([
      'user: a | System: S',
      'assistant: b',
      'user: c',
    ]);
    expect(said([user('a'), assistant('b'), system('S'), assistant('c')])).toEqual([
      'user: a',
      'assistant: b',
      'user: System: S',
      'assistant: c',
    ]);
    expect(said([user('a'), system('S')])).toEqual(['user: a | System: S']);
  });

  it('never part a call from its result', () => {
    const expected = ['user: a', 'assistant: <tool_use c1>'];
    expect(said([user('a'), callTurn, system('S'), results])).toEqual([
      ...expected,
      'user: <tool_result c1> | System: S | go on',
    ]);
    expect(said([user('a'), callTurn, system('S'), results], SYSTEM_TURNS)).toEqual([
      ...expected,
      'user: <tool_result c1> | go on',
      'system: S',
    ]);
  });

  it('are messages of their own behind a user’s where the model takes those', () => {
    expect(said([user('a'), system('S'), assistant('b')], SYSTEM_TURNS)).toEqual([
      'user: a',
      'system: S',
      'assistant: b',
    ]);
    expect(said([user('a'), system('S')], SYSTEM_TURNS)).toEqual(['user: a', 'system: S']);
    expect(said([user('a'), assistant('b'), system('S'), user('c')], SYSTEM_TURNS)).toEqual([
      'user: a',
      'assistant: b',
      'user: c',
      'system: S',
    ]);
    expect(said([user('a'), system('S'), user('b')], SYSTEM_TURNS)).toEqual(['user: a | b', 'system: S']);
  });

  it('are the user’s words where no user’s message is beside them', () => {
    expect(said([user('a'), assistant('b'), system('S'), assistant('c')], SYSTEM_TURNS)).toEqual([
      'user: a',
      'assistant: b',
      'user: System: S',
      'assistant: c',
    ]);
  });

  it.each([
    ['with', SYSTEM_TURNS],
    ['without', anthropic()],
  ])('stay where they are as the conversation goes on, %s system messages', (_name, to) => {
    const first = [user('a'), assistant('b'), system('S'), user('c')];
    const before = said(first, to);
    expect(said([...first, assistant('d'), user('e')], to).slice(0, before.length)).toEqual(before);
  });
});

describe('the first message', () => {
  it('is a user’s', () => {
    expect(said([assistant('Welcome.'), user('a')])).toEqual([
      'user: (The assistant speaks first.)',
      'assistant: Welcome.',
      'user: a',
    ]);
  });
});

describe('the last message', () => {
  it('may begin the answer, and not end in blanks', () => {
    expect(said([user('a'), assistant('The answer is \n')])).toEqual(['user: a', 'assistant: The answer is']);
    expect(encodeTurns([user('a'), assistant('The answer is ')]).dropped).toBeNull();
  });

  it('is no message where it is blank', () => {
    expect(said([user('a'), assistant(' \n')])).toEqual(['user: a']);
  });
});

describe('blank texts', () => {
  it('are left out beside others, and named where they are all', () => {
    expect(said([user(' ', 'a'), assistant('\n', 'b'), user(' ')])).toEqual([
      'user: a',
      'assistant: b',
      'user: (blank)',
    ]);
    expect(encodeTurns([system(' '), user('a')]).body).not.toHaveProperty('system');
    expect(said([user('a'), system(' '), assistant('b')], SYSTEM_TURNS)).toEqual(['user: a', 'assistant: b']);
    expect(said([system(' ')])).toEqual(['user: (blank)']);
  });
});

describe('a conversation with calls and no tools', () => {
  it('defines the tools that were called, and forbids them', () => {
    const turns = [
      user('a'),
      assistant(call('c1'), call('c2', { name: 'write' })),
      user(result('c1'), result('c2')),
    ];
    expect(encodeTurns(turns).body).toMatchObject({
      tools: [
        { name: 'read', input_schema: { type: 'object' } },
        { name: 'write', input_schema: { type: 'object' } },
      ],
      tool_choice: { type: 'none' },
    });
    expect(encodeTurns(turns, anthropic(), { tools: [tool('read')] }).body.tools).toHaveLength(1);
  });
});
