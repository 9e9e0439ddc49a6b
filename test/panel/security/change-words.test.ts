import { describe, expect, it } from 'vitest';
import type { Change } from '../../../gateway/doors/admin/contract.ts';
import { changeWords } from '../../../renderer/pages/security/change-words.ts';

const names = {
  member: (id: string) => ({ 2: 'Ada' })[id],
  key: (id: string) => (id === '4' ? { name: 'tmp', memberId: '2' } : undefined),
  provider: (id: string) => (id === '7' ? 'Rack (vLLM)' : undefined),
};

function told(action: string, subject: string, before: unknown, after: unknown) {
  const change: Change = {
    id: '1',
    at: '2026-11-19T16:38:00.000Z',
    actor: 'window',
    action,
    subject,
    before,
    after,
  };
  const { what, on, differences } = changeWords(change, names);
  const texts = differences.map(({ field, before: was, after: is }) => [field, was, is]);
  return { what, on, differences: texts };
}

const limit = { scope: 'member', subjectId: '2', model: 'opus', metric: 'tokens', windowSeconds: 86_400 };

describe('a change', () => {
  it('of one field is called by it', () => {
    expect(
      told('member.update', 'member:2', { name: 'Ada', planId: 'pro' }, { name: 'Ada', planId: 'free' }),
    ).toEqual({
      ...{ what: 'Plan', on: 'Ada', differences: [[null, 'pro', 'free']] },
    });
    expect(told('model.update', 'model:quota/opus', { multiplier: 1.5 }, { multiplier: 3 })).toEqual({
      ...{ what: 'Multiplier', on: 'quota/opus', differences: [[null, 'x1.5', 'x3']] },
    });
  });

  it('of a provider says where it was set up before', () => {
    const after = { id: '7', name: 'Rack (vLLM)', kind: 'vllm', credential: 'stored' };
    const added = { what: 'Provider added', on: 'Rack (vLLM)' };
    expect(told('provider.create', 'provider:7', null, after)).toEqual({ ...added, differences: [] });
    expect(told('provider.create', 'provider:7', null, { ...after, importedFrom: 'codex' })).toEqual({
      ...{ ...added, differences: [[null, null, 'from codex']] },
    });
  });

  it('that switches something says on or off', () => {
    expect(told('provider.update', 'provider:7', { enabled: true }, { enabled: false })).toEqual({
      ...{ what: 'Provider off', on: 'Rack (vLLM)', differences: [[null, 'on', 'off']] },
    });
  });

  it('of several fields names each', () => {
    const { what, differences } = told(
      'member.update',
      'member:2',
      { name: 'Ada', status: 'active', allowedModels: ['a', 'b'], balance: { tokens: 1 } },
      { name: 'Ada', status: 'suspended', allowedModels: ['b', 'c'], balance: { tokens: 2 } },
    );
    expect(what).toBe('Member changed');
    expect(differences).toEqual([
      ['Status', 'active', 'suspended'],
      ['Allowed models', null, '+c, −a'],
    ]);
  });

  it('of a limit tells amounts, and whose for which model', () => {
    expect(
      told('limit.set', 'member:2 tokens/86400 opus', { ...limit, amount: 2e6 }, { ...limit, amount: 3e6 }),
    ).toEqual({ what: 'Limit', on: 'Ada, opus', differences: [[null, '2 M', '3 M tokens / 24 h']] });
    expect(
      told(
        'limit.lift',
        'member:2 cost/86400 all',
        { ...limit, model: null, metric: 'cost', amount: 5e6 },
        null,
      ),
    ).toEqual({
      ...{ what: 'Limit lifted', on: 'Ada', differences: [[null, '$5.00 / 24 h', null]] },
    });
  });

  it('that grants tells the balance before and after', () => {
    const after = { tokens: 2e7, micros: 0, balance: { tokens: 64.3e6, micros: 0 } };
    expect(
      told('member.grant', 'member:2', { balance: { tokens: 44.3e6, micros: 0 } }, after).differences,
    ).toEqual([[null, '44.3 M', '64.3 M tokens']]);
  });

  it('of a key says whose it is', () => {
    expect(
      told('key.revoke', 'key:4', { name: 'tmp', memberId: '2' }, { name: 'tmp', revokedAt: 'x' }),
    ).toEqual({
      ...{ what: 'Key revoked', on: 'Ada, “tmp”', differences: [] },
    });
  });

  it('of targets names providers, and of a credential only that there is one', () => {
    const target = (providerName: string) => ({ providerId: '1', providerName, upstreamModel: 'gpt-5.1' });
    expect(
      told(
        'model.update',
        'model:gpt-5.1',
        { targets: [target('OpenAI')] },
        { targets: [target('OpenAI'), target('OpenRouter')] },
      ),
    ).toMatchObject({ what: 'Targets', differences: [[null, 'OpenAI', 'OpenAI, OpenRouter']] });
    expect(told('provider.update', 'provider:7', {}, { credential: 'stored' })).toMatchObject({
      what: 'Credential',
      differences: [[null, null, 'stored']],
    });
  });

  it('of what is gone still has a name, and of what is unknown some words', () => {
    expect(told('member.delete', 'member:9', { name: 'Old laptop' }, null)).toMatchObject({
      what: 'Member deleted',
      on: 'Old laptop',
    });
    expect(told('gadget.polish', 'gadget:3', { shine: 1 }, { shine: 2, gloss: 'x' })).toEqual({
      ...{ what: 'Gadget polish', on: '3' },
      differences: [
        ['Shine', '1', '2'],
        ['Gloss', 'none', 'x'],
      ],
    });
  });
});
