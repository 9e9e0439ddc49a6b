import { expect, test } from 'vitest';
import type { Key, Member } from '../../../gateway/doors/admin/contract.ts';
import { allowance } from '../../../renderer/pages/connect/allowance.ts';
import type { KeyChoice } from '../../../renderer/pages/connect/key-choice.ts';

const target = {
  ...{ providerId: '1', providerName: 'Anthropic', upstreamModel: 'x', priority: 0, weight: 1 },
};
const model = (id: string, facts: object = {}) => ({
  ...{ id, targets: [target], aliasOf: null as string | null, enabled: true, bound: true },
  ...facts,
});
const MODELS = [
  model('opus'),
  model('quota/opus', { targets: [], aliasOf: 'opus' }),
  model('off', { enabled: false }),
  model('empty', { targets: [], bound: false }),
  model('ntl/echo', { targets: [] }),
];
const ada = (facts: Partial<Member> = {}): KeyChoice => ({
  kind: 'new',
  member: { id: '2', name: 'Ada', owner: false, status: 'active', allowedModels: null, ...facts } as Member,
});
const told = (asked: string, choice: KeyChoice, auto: string | null = null) => {
  const { ok, title, line } = allowance(asked, choice, MODELS, auto);
  return { ok, said: `${title}: ${line}` };
};

test.each([
  ['opus', {}, true, 'Model is allowed for Ada: opus on Anthropic'],
  ['quota/opus', {}, true, 'Model is allowed for Ada: quota/opus stands for opus, on Anthropic'],
  [
    'quota/opus',
    { allowedModels: ['opus'] },
    true,
    'Model is allowed for Ada: quota/opus stands for opus, on Anthropic',
  ],
  [
    'opus',
    { allowedModels: ['quota/opus'] },
    false,
    'Ada may not use opus: It is on no allow-list of theirs.',
  ],
  ['off', {}, false, 'off cannot be served: It is switched off.'],
  ['empty', {}, false, 'empty cannot be served: No provider serves it yet.'],
  ['gone', {}, false, 'There is no such model: gone is not here.'],
  ['ntl/echo', {}, true, 'Model is allowed for Ada: ntl/echo answers here, and only echoes.'],
  ['opus', { status: 'suspended' as const }, false, 'Ada is suspended: Requests with this key are refused.'],
])('%s for a member with %j', (asked, facts, ok, said) => {
  expect(told(asked, ada(facts))).toEqual({ ok, said });
});

test('auto is what the owner chose', () => {
  expect(told('auto', ada(), 'opus').said).toBe(
    'Model is allowed for Ada: auto stands for opus, on Anthropic',
  );
  expect(told('auto', ada()).ok).toBe(false);
});

test('a subscription key is for tool routes', () => {
  const choice: KeyChoice = { ...ada(), kind: 'existing', key: { kind: 'subscription' } as Key };
  expect(told('opus', choice).ok).toBe(false);
});
