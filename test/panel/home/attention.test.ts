import { expect, test } from 'vitest';
import type { Alert, JoinRequest, Key, Member, Provider } from '../../../gateway/doors/admin/contract.ts';
import { type AttentionFacts, attentionOf } from '../../../renderer/pages/home/attention.ts';

const NONE: AttentionFacts = { alerts: [], providers: [], members: [], keys: [] };
const at = new Date().toISOString();

const provider = (name: string, kind: Provider['state']['kind'], message: string | null = null) =>
  ({ id: '7', name, state: { kind, since: at, until: null, message } }) as Provider;
const alert = (kind: Alert['kind'], message: string, facts: Partial<Alert> = {}): Alert => ({
  ...{ id: '1', at, kind, message, memberId: null, keyId: null, address: null, seenAt: null },
  ...{ providerId: null, answer: null, answers: ['fine' as const], blockId: null },
  ...facts,
});
const only = (facts: Partial<AttentionFacts>) => attentionOf({ ...NONE, ...facts })[0];

test('a provider that is wrong now says so, with its repair', () => {
  expect(only({ providers: [provider('DeepSeek', 'credential_refused', 'HTTP 401')] })).toMatchObject({
    ...{ tone: 'bad', title: 'DeepSeek refuses its credential', line: 'HTTP 401' },
    ...{ action: 'Replace', href: '/providers/7' },
  });
  expect(only({ providers: [provider('DeepSeek', 'answers'), provider('Groq', 'off')] })).toBeUndefined();
});

test('an alert of a provider gives way to how it stands now', () => {
  const alerts = [alert('provider_failing', 'Provider DeepSeek keeps failing. It timed out.')];
  const failing = attentionOf({ ...NONE, alerts, providers: [provider('DeepSeek', 'failing', 'HTTP 500')] });
  expect(failing.map(({ title, line }) => [title, line])).toEqual([['DeepSeek keeps failing', 'HTTP 500']]);
  expect(only({ alerts, providers: [provider('DeepSeek', 'answers')] })).toMatchObject({
    title: 'DeepSeek kept failing',
    line: 'It answers again.',
  });
  expect(only({ alerts })).toMatchObject({ title: 'Provider DeepSeek keeps failing', line: 'It timed out.' });
});

test('a key on a new address names whose it is', () => {
  const facts = { memberId: '3', keyId: '5', address: '192.168.1.77' };
  const alerts = [
    alert('new_address', 'Key main (ntl_live_ab…) was used from 192.168.1.77 for the first time.', facts),
  ];
  const members = [{ id: '3', name: 'Mika', status: 'active' } as Member];
  const keys = [{ id: '5', prefix: 'ntl_live_ab' } as Key];
  expect(only({ alerts, members, keys })).toMatchObject({
    title: 'Mika’s key on a new address',
    line: '192.168.1.77, key ntl_live_ab…',
  });
});

test('wrong keys say until when their address is blocked', () => {
  const message =
    'Many wrong API keys came from 192.168.1.203 within a minute. The address is blocked for 15 minutes.';
  expect(only({ alerts: [alert('refused_keys', message, { address: '192.168.1.203' })] })).toMatchObject({
    title: '192.168.1.203 tried many wrong keys',
    line: expect.stringMatching(/^Blocked by itself until \S/),
  });
  const here = 'Many wrong API keys came from a program on this computer within a minute.';
  expect(only({ alerts: [alert('refused_keys', here, { address: '127.0.0.1' })] })).toMatchObject({
    title: 'A program here tried many wrong keys',
    line: 'It is not blocked.',
  });
});

test('the gravest comes first', () => {
  const found = attentionOf({
    ...NONE,
    alerts: [alert('unusual_volume', 'Key ci sent 900 requests within this hour. Its busiest hour had 3.')],
    providers: [provider('DeepSeek', 'failing')],
    members: [{ id: '9', name: 'Sol', status: 'pending', email: null, createdAt: at } as Member],
  });
  expect(found.map(({ tone }) => tone)).toEqual(['bad', 'warn', 'info']);
});

test('who asks to join: what for, and where to answer; many in one line', () => {
  const pending = (id: string, name: string) =>
    ({ id, name, status: 'pending', email: null, createdAt: at }) as Member;
  const request = { memberId: '9', purpose: 'For Cline on my laptop.', address: '10.0.0.7' } as JoinRequest;
  expect(only({ members: [pending('9', 'Sol')], joining: [request] })).toMatchObject({
    ...{ title: 'Sol asks to join', line: 'For Cline on my laptop.', href: '/members?approve=9' },
  });
  const many = [pending('9', 'Sol'), pending('10', 'Eve'), pending('11', 'Uma')];
  expect(only({ members: many })).toMatchObject({
    ...{ title: '3 people ask to join', line: 'Sol, Eve and 1 more', href: '/members' },
  });
});
