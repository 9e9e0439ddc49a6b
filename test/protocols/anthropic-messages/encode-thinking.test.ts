import { describe, expect, it } from 'vitest';
import type { ReasoningPart, ReasoningWish } from '../../../gateway/protocols/canonical/request.ts';
import { assistant, call, result, system, tool, user } from '../canonical/requests.ts';
import { anthropic, encode, encodeTurns } from './encoding.ts';

const wish = (rest: Partial<ReasoningWish>): ReasoningWish => ({
  effort: null,
  budgetTokens: null,
  mode: null,
  summary: null,
  display: null,
  ...rest,
});
const high = wish({ effort: 'high' });
const MANUAL = anthropic({ thinking: ['enabled', 'disabled'] });
const ADAPTIVE = anthropic({ thinking: ['adaptive', 'disabled'], efforts: ['low', 'medium', 'high'] });
const thought: ReasoningPart = {
  type: 'reasoning',
  text: 'Hm.',
  replay: { protocol: 'anthropic-messages', providerId: '7', id: null, data: 'EqQB', redacted: false },
};

describe('thinking', () => {
  it('has a budget below the limit of tokens on models that think so', () => {
    expect(encode({ reasoning: high, maxOutputTokens: 4_096 }, MANUAL)).toMatchObject({
      body: { max_tokens: 4_096, thinking: { type: 'enabled', budget_tokens: 2_048 } },
      dropped: null,
    });
  });

  it('has an effort on models that decide for themselves', () => {
    expect(encode({ reasoning: high }, ADAPTIVE)).toMatchObject({
      body: { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } },
      dropped: null,
    });
  });

  it('is reported where the model or the service takes none', () => {
    const plain = anthropic({ thinking: [] });
    expect(encode({ reasoning: high }, plain)).toEqual({ ...encode({}, plain), dropped: 'reasoning' });
    const copy = anthropic({}, { thinking: false });
    expect(encode({ reasoning: high }, copy)).toEqual({ ...encode({}, copy), dropped: 'reasoning' });
    expect(encode({ reasoning: wish({ effort: 'none' }) }, copy).dropped).toBeNull();
  });

  it('loses its effort, and says so, where there is no `output_config`', () => {
    const copy = anthropic({ thinking: ['adaptive'] }, { outputConfig: false });
    const { body, dropped } = encode({ reasoning: high }, copy);
    expect(body).toMatchObject({ thinking: { type: 'adaptive' } });
    expect(body).not.toHaveProperty('output_config');
    expect(dropped).toBe('reasoning');
  });

  it('is shown in the ways that need no header', () => {
    const shown = (display: string) => encode({ reasoning: wish({ mode: 'adaptive', display }) }, ADAPTIVE);
    expect(shown('summarized')).toMatchObject({
      body: { thinking: { type: 'adaptive', display: 'summarized' } },
      dropped: null,
    });
    expect(shown('updates').body.thinking).toEqual({ type: 'adaptive' });
    expect(shown('updates').dropped).toBe('thinking.display');
  });
});

describe('a choice among tools', () => {
  const tools = [tool('read')];

  it.each([{ type: 'required' }, { type: 'tool', name: 'read' }] as const)(
    'that must call one keeps the model from thinking (%j)',
    (toolChoice) => {
      for (const to of [MANUAL, ADAPTIVE]) {
        const forced = encode({ reasoning: high, tools, toolChoice }, to);
        expect(forced.body).not.toHaveProperty('thinking');
        expect(forced.dropped).toBe('reasoning');
      }
      const { body } = encode({ reasoning: high, tools, toolChoice }, ADAPTIVE);
      expect(body.output_config).toEqual({ effort: 'high' });
    },
  );

  it.each([{ type: 'auto' }, { type: 'none' }] as const)('that may call one does not (%j)', (toolChoice) => {
    expect(encode({ reasoning: high, tools, toolChoice }, MANUAL).body).toHaveProperty('thinking');
    expect(encode({ reasoning: high, tools, toolChoice }, ADAPTIVE).body).toHaveProperty('thinking');
  });
});

describe('thinking with a budget', () => {
  const tools = [tool('read')];

  it('gives way in a tool loop whose thinking is lost, and there alone', () => {
    const turns = (...begin: ReasoningPart[]) => [
      user('a'),
      assistant(...begin, call('c1')),
      user(result('c1')),
    ];
    const lost = encodeTurns(turns(), MANUAL, { reasoning: high, tools });
    expect(lost.body).not.toHaveProperty('thinking');
    expect(lost.dropped).toBe('reasoning');
    expect(encodeTurns([...turns(), system('Note.')], MANUAL, { reasoning: high, tools }).dropped).toBe(
      'reasoning',
    );
    expect(encodeTurns(turns(thought), MANUAL, { reasoning: high, tools }).body).toHaveProperty('thinking');
    expect(encodeTurns(turns(), ADAPTIVE, { reasoning: high, tools }).body).toHaveProperty('thinking');
    const over = [...turns(), assistant('done'), user('next')];
    expect(encodeTurns(over, MANUAL, { reasoning: high, tools }).body).toHaveProperty('thinking');
  });

  it('gives way to an answer that the caller has begun', () => {
    const begun = encodeTurns([user('a'), assistant('The answer is')], MANUAL, { reasoning: high });
    expect(begun.body).not.toHaveProperty('thinking');
    expect(begun.dropped).toBe('reasoning');
  });

  it('lets earlier thinking stay when it is off', () => {
    const { body } = encodeTurns([user('a'), assistant(thought, 'b'), user('c')]);
    expect(body.messages).toMatchObject([
      {},
      { content: [{ type: 'thinking', thinking: 'Hm.', signature: 'EqQB' }, { type: 'text' }] },
      {},
    ]);
  });
});
