import type { Alert, JoinRequest, Key, Member, Provider } from '../../../gateway/doors/admin/contract.ts';
import type { Tone } from '../../components/status.tsx';
import { comingMoment, keyPrefix } from '../../format.ts';
import { possessive } from '../../people/member-words.ts';

/** Something to look at, with the one next step. */
export interface Attention {
  id: string;
  tone: Extract<Tone, 'bad' | 'warn' | 'info'>;
  title: string;
  line: string;
  at: string | null;
  action: string;
  href: string;
}

export interface AttentionFacts {
  alerts: readonly Alert[];
  providers: readonly Provider[];
  members: readonly Member[];
  keys: readonly Key[];
  /** What who asks to join has said. */
  joining?: readonly JoinRequest[];
}

/** More of them stand in one line. */
const MOST_PENDING = 2;

const ORDER = { bad: 0, warn: 1, info: 2 } as const;

/** What is wrong now and what was noticed, the gravest first, then the newest. */
export function attentionOf(facts: AttentionFacts): Attention[] {
  const found = [
    ...facts.providers.flatMap(ofProvider),
    ...facts.alerts.flatMap((alert) => ofAlert(alert, facts)),
    ...ofPending(facts),
  ];
  return found.sort((a, b) => ORDER[a.tone] - ORDER[b.tone] || ((a.at ?? '') < (b.at ?? '') ? 1 : -1));
}

function ofProvider({ id, name, state }: Provider): Attention[] {
  const base = { id: `provider ${id}`, at: state.since, href: `/providers/${id}` };
  switch (state.kind) {
    case 'credential_refused': {
      const line = state.message ?? 'It is not called until that changes.';
      return [{ ...base, tone: 'bad', title: `${name} refuses its credential`, line, action: 'Replace' }];
    }
    case 'failing': {
      const line = state.message ?? 'Its last calls failed.';
      return [{ ...base, tone: 'bad', title: `${name} keeps failing`, line, action: 'Look' }];
    }
    case 'no_credential': {
      const line = 'It is not called without one.';
      return [{ ...base, tone: 'warn', title: `${name} has no credential`, line, action: 'Add it' }];
    }
    default:
      return [];
  }
}

function ofAlert(alert: Alert, { providers, members, keys }: AttentionFacts): Attention[] {
  const [title, rest] = sentences(alert.message);
  const base = {
    id: `alert ${alert.id}`,
    tone: 'warn' as const,
    at: alert.at,
    action: 'Look',
    href: '/security',
  };
  switch (alert.kind) {
    case 'provider_failing': {
      const provider = providers.find(
        ({ id, name }) => id === alert.providerId || title === `Provider ${name} keeps failing`,
      );
      // How it stands now says more.
      if (provider !== undefined && ofProvider(provider).length > 0) return [];
      if (provider === undefined) return [{ ...base, title, line: rest }];
      const line = provider.state.kind === 'answers' ? 'It answers again.' : rest;
      return [{ ...base, title: `${provider.name} kept failing`, line, href: `/providers/${provider.id}` }];
    }
    case 'new_address': {
      const member = members.find(({ id }) => id === alert.memberId);
      const key = keys.find(({ id }) => id === alert.keyId);
      if (member === undefined || key === undefined) return [{ ...base, title, line: rest }];
      const line = `${alert.address ?? ''}, key ${keyPrefix(key.prefix)}`;
      return [{ ...base, title: `${possessive(member.name)} key on a new address`, line }];
    }
    case 'refused_keys': {
      const sender = isHere(alert.address) ? 'A program here' : alert.address;
      return [{ ...base, title: `${sender} tried many wrong keys`, line: blockWords(alert) }];
    }
    case 'billing':
      return [{ ...base, title, line: rest, href: '/settings' }];
    case 'tunnel':
      return [{ ...base, title, line: rest, href: '/settings' }];
    case 'key_expiring':
      return [{ ...base, title, line: rest, href: `/members/${alert.memberId ?? ''}` }];
    case 'provider_credential': {
      const provider = providers.find(({ id }) => id === alert.providerId);
      // How it stands now says more.
      if (provider !== undefined && ofProvider(provider).length > 0) return [];
      return [{ ...base, tone: 'bad', title, line: rest, href: '/providers' }];
    }
    case 'unusual_volume': {
      const query = alert.keyId === null ? '' : `?keyId=${alert.keyId}`;
      return [{ ...base, title, line: rest, href: `/audit${query}` }];
    }
  }
}

/** Each by itself, or where they are many all together. */
function ofPending({ members, joining = [] }: AttentionFacts): Attention[] {
  const pending = members.filter(({ status }) => status === 'pending');
  const [first, second] = pending;
  if (first === undefined) return [];
  if (second !== undefined && pending.length > MOST_PENDING) {
    const line = `${first.name}, ${second.name} and ${pending.length - 2} more`;
    const at = pending.at(-1)?.createdAt ?? null;
    return [
      {
        ...{ id: 'members', tone: 'info', title: `${pending.length} people ask to join`, line, at },
        ...{ action: 'Review', href: '/members' },
      },
    ];
  }
  return pending.map(({ id, name, email, createdAt }) => {
    const request = joining.find(({ memberId }) => memberId === id);
    const line =
      request?.purpose ??
      email ??
      (request ? `From ${request.address}` : 'Its keys work once you approve it.');
    return {
      ...{ id: `member ${id}`, tone: 'info', at: createdAt, title: `${name} asks to join`, line },
      ...{ action: 'Review', href: `/members?approve=${id}` },
    };
  });
}

/** This computer is never blocked. */
function isHere(address: string | null): boolean {
  return address === null || /^(127\.|::1$|in-process$)/.test(address);
}

/** The message says for how long; people want to know until when. */
function blockWords({ message, at }: Alert, now = Date.now()): string {
  const minutes = /blocked for (\d+) minutes/.exec(message)?.[1];
  if (minutes === undefined) return /blocked/.test(message) ? 'Blocked by itself.' : 'It is not blocked.';
  const until = Date.parse(at) + Number(minutes) * 60_000;
  const time = comingMoment(new Date(until).toISOString());
  return until > now ? `Blocked by itself until ${time}` : `Was blocked by itself until ${time}`;
}

/** The first sentence without its full stop, and the rest. */
function sentences(message: string): [first: string, rest: string] {
  const [first = '', ...rest] = message.split(/(?<=\.)\s+(?=[A-Z0-9])/);
  return [first.replace(/\.$/, ''), rest.join(' ')];
}
