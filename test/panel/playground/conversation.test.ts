import { expect, test } from 'vitest';
import { advance, EMPTY, messagesOf, type Step } from '../../../renderer/pages/playground/conversation.ts';

const ask = (id: number, question: string): Step => ({
  ...{ step: 'ask', id, question, model: 'm', memberId: '1' },
});
const event = (id: number, told: Extract<Step, { step: 'event' }>['event']): Step => ({
  ...{ step: 'event', id, event: told },
});
const after = (...steps: Step[]) => steps.reduce(advance, EMPTY).turns;

test('what was stopped hears nothing more, and gets its figures from the audit row', () => {
  const [turn] = after(
    ask(1, 'Count.'),
    event(1, { event: 'start', data: { requestId: 'r1' } }),
    event(1, { event: 'delta', data: { text: 'One' } }),
    { step: 'stop', id: 1 },
    event(1, { event: 'delta', data: { text: ' two' } }),
    { step: 'figures', requestId: 'other', figures: { outputTokens: 9 } },
    { step: 'figures', requestId: 'r1', figures: { outputTokens: 1 } },
  );
  expect(turn).toMatchObject({ state: 'stopped', answer: 'One', figures: { outputTokens: 1 } });
});

test('reasoning is kept apart from the answer, and is not sent again', () => {
  const turns = after(
    ask(1, 'Why?'),
    event(1, { event: 'reasoning', data: { text: 'Hm.' } }),
    event(1, { event: 'delta', data: { text: 'So.' } }),
  );
  expect(turns[0]).toMatchObject({ reasoning: 'Hm.', answer: 'So.', state: 'answering' });
  expect(messagesOf(turns, 'And?')).toEqual([
    { role: 'user', content: 'Why?' },
    { role: 'assistant', content: 'So.' },
    { role: 'user', content: 'And?' },
  ]);
});

test('a question that was refused is not asked along with the next', () => {
  const turns = after(
    ask(1, 'Hello?'),
    event(1, { event: 'error', data: { code: 'quota_day', message: 'No more today.' } }),
  );
  expect(turns[0]).toMatchObject({ state: 'failed', error: { code: 'quota_day' } });
  expect(messagesOf(turns, 'And now?')).toEqual([{ role: 'user', content: 'And now?' }]);
});
