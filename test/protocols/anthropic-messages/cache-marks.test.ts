import { describe, expect, it } from 'vitest';
import type { CacheMark, TextPart, Turn } from '../../../gateway/protocols/canonical/request.ts';
import { assistant, call, result, system, tool, user } from '../canonical/requests.ts';
import { anthropic, encodeTurns } from './encoding.ts';

const short: CacheMark = { ttl: null };
const hour: CacheMark = { ttl: '1h' };
const text = (value: string, cache?: CacheMark): TextPart => ({ type: 'text', text: value, cache });
const systemOf = (...parts: TextPart[]): Turn => ({ role: 'system', parts });

/** Texts and names of the marked blocks, with their lifetime. */
function marks(turns: Turn[], rest: Parameters<typeof encodeTurns>[2] = {}, to = anthropic()) {
  const { body, dropped } = encodeTurns(turns, to, rest);
  const found: string[] = [];
  JSON.stringify(body, (_key, value) => {
    const mark = value?.cache_control;
    if (mark !== undefined) found.push(`${value.text ?? value.name ?? value.type} ${mark.ttl ?? '5m'}`);
    return value;
  });
  return { found, dropped };
}

describe('marks of the caller', () => {
  it('stand where they stood', () => {
    const turns = [
      systemOf(text('S', hour)),
      user(text('a', hour)),
      assistant(call('c1', { cache: short })),
      user(result('c1', 'done', { parts: [text('r', short)] })),
    ];
    expect(marks(turns, { tools: [tool('read')] })).toEqual({
      found: ['S 1h', 'a 1h', 'read 5m', 'r 5m'],
      dropped: null,
    });
  });

  it('are four at most: the ends of tools, system and conversation, then the latest', () => {
    const turns = [
      systemOf(text('S1', short), text('S2', short)),
      user(text('a', short), text('b', short), text('c', short)),
    ];
    const { found, dropped } = marks(turns, {
      tools: [tool('f', { cache: short }), tool('g', { cache: short })],
    });
    expect(found.toSorted()).toEqual(['S2 5m', 'b 5m', 'c 5m', 'g 5m']);
    expect(dropped).toBe('cache_control');
  });

  it('of an hour stand before those of five minutes', () => {
    const turns = [systemOf(text('S', short)), user(text('a', hour), text('b', short))];
    expect(marks(turns)).toEqual({ found: ['S 5m', 'a 5m', 'b 5m'], dropped: 'cache_control' });
    const inOrder = [systemOf(text('S', hour)), user(text('a', hour), text('b', short))];
    expect(marks(inOrder)).toEqual({ found: ['S 1h', 'a 1h', 'b 5m'], dropped: null });
  });

  it('are reported where the service keeps nothing', () => {
    const to = anthropic({}, { cacheMarks: false });
    expect(marks([user(text('a', short))], {}, to)).toEqual({ found: [], dropped: 'cache_control' });
    expect(marks([user('a')], { tools: [tool('f')] }, to)).toEqual({ found: [], dropped: null });
  });

  it('leave the caller’s own blocks as they are', () => {
    const raw = { type: 'web_search_20250305', name: 'web_search', cache_control: { type: 'ephemeral' } };
    const tools = [{ kind: 'hosted', protocol: 'anthropic-messages', name: raw.type, raw } as const];
    marks([user('a')], { tools }, anthropic({}, { cacheMarks: false }));
    expect(raw).toHaveProperty('cache_control');
  });
});

describe('marks for callers that have none', () => {
  const loop = [system('S'), user('a'), assistant(call('c1')), user(result('c1'), 'b')];

  it('keep an agent’s tools, system prompt and conversation', () => {
    expect(marks(loop, { tools: [tool('read')] })).toEqual({
      found: ['b 5m', 'S 5m'].toSorted(),
      dropped: null,
    });
    expect(marks(loop.slice(0, -1).concat(user(result('c1'))), { tools: [tool('read')] }).found).toContain(
      'tool_result 5m',
    );
  });

  it('stand behind the tools where there is no system prompt', () => {
    expect(marks([user('a')], { tools: [tool('f'), tool('g')] }).found.toSorted()).toEqual(['a 5m', 'g 5m']);
  });

  it('are not set without tools: one question is not asked again', () => {
    expect(marks([system('S'), user('a')]).found).toEqual([]);
    expect(marks(loop).found).toEqual([]);
  });

  it('are of their request alone', () => {
    expect(marks([user(' ')], { tools: [tool('f')] }).found).toHaveLength(2);
    expect(marks([user(' ')]).found).toEqual([]);
  });

  it('are not set beside any of the caller’s', () => {
    expect(marks([system('S'), user(text('a', short), 'b')], { tools: [tool('f')] }).found).toEqual(['a 5m']);
  });
});
