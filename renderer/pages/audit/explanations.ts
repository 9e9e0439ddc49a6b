import type { AuditRow } from '../../../gateway/doors/admin/contract.ts';
import { memberPath, possessive } from '../../people/member-words.ts';
import { outcomeOf } from './audit-query.ts';

/** A code in plain words. */
export interface Explanation {
  title: string;
  /** What it means. */
  means: string;
  /** What to do about it. */
  remedy: string;
  links: readonly { label: string; href: string }[];
}

interface Who {
  /** “Ada”, or “the member”. */
  name: string;
  links: Explanation['links'];
}

type Explain = (row: AuditRow, who: Who) => Explanation;

const WINDOWS: Readonly<Record<string, string>> = {
  rate_limit_minute: 'the last 60 seconds',
  quota_day: 'the last 24 hours',
  quota_month: 'the last 30 days',
};

const limitReached: Explain = ({ code, model }, who) => ({
  title: `A limit of ${who.name} was full`,
  means: `A limit over ${WINDOWS[code ?? '']} had no room for this request${model === null ? '' : ` of ${model}`}. Tokens and cost are counted with the most that the answer could have needed, so a large request is refused before a small one.`,
  remedy:
    code === 'rate_limit_minute'
      ? 'The tool was told how many seconds to wait; most then try again by themselves.'
      : 'The tool was told when there is room again, and not to try before. If this happens often, raise the limit.',
  links: [...who.links, { label: 'Plans', href: '/members/plans' }],
});

const askForKey: Explanation['links'] = [{ label: 'Connect a tool', href: '/connect' }];

const EXPLANATIONS: Readonly<Record<string, Explain>> = {
  rate_limit_minute: limitReached,
  quota_day: limitReached,
  quota_month: limitReached,
  missing_auth: () => ({
    title: 'No key came with the request',
    means: 'Every request must carry a key of this gateway, as a bearer token or as x-api-key.',
    remedy: 'Set one as the API key of the tool.',
    links: askForKey,
  }),
  invalid_key: ({ address }) => ({
    title: 'The key is none of this gateway',
    means: 'It may be a provider’s own key, one of another gateway, or one that was cut short.',
    remedy: 'If it is your tool, set it up anew. If you do not know the address, block it.',
    links: [...askForKey, ...blockLink(address)],
  }),
  key_revoked: (row, who) => ({
    title: 'The key was revoked',
    means: `${subject(row)} still uses a key that was taken back.`,
    remedy: 'Give the tool another key, if it may go on.',
    links: keyLinks(who),
  }),
  key_expired: (row, who) => ({
    title: 'The key has expired',
    means: `${subject(row)} uses a key whose time is over.`,
    remedy: 'Give the tool a new key.',
    links: keyLinks(who),
  }),
  access_disabled: (_row, who) => ({
    title: `${capital(who.name)} has no access`,
    means: 'The member was disabled, or waits for your approval.',
    remedy: 'If they may use the gateway, let them in.',
    links: who.links,
  }),
  suspended: (_row, who) => ({
    title: `${capital(who.name)} is suspended`,
    means: 'Every key of a suspended member is refused.',
    remedy: 'Lift the suspension if they may go on.',
    links: who.links,
  }),
  ip_blocked: (row, who) =>
    row.memberId === null
      ? {
          title: `${row.address} is blocked`,
          means: 'The address is on the block list, which is looked at before any key.',
          remedy: 'If it may call, lift the block.',
          links: [{ label: 'Blocked addresses', href: '/security' }],
        }
      : {
          title: `${capital(who.name)} may not call from ${row.address}`,
          means: 'The member’s keys work from the addresses on its own list alone.',
          remedy: 'If this address belongs to them, add it to their list.',
          links: who.links,
        },
  route_not_allowed: (_row, who) => ({
    title: 'The key’s kind does not fit this route',
    means: 'A subscription key works on the routes of tools alone, such as /claudecode/v1.',
    remedy: 'Use the tool’s own base URL, or a standard key.',
    links: keyLinks(who),
  }),
  model_not_allowed: ({ model }, who) => ({
    title: `${capital(who.name)} may not use ${model ?? 'this model'}`,
    means: 'The model is not on the member’s list of allowed models.',
    remedy: 'Add it to the list, or choose another model in the tool.',
    links: who.links,
  }),
  unknown_model: ({ model }) => ({
    title: `No model is called ${model ?? 'like this'}`,
    means: 'It is not published here, leads to no provider yet, or is switched off.',
    remedy: 'Publish it, bind it, or set another model in the tool.',
    links: [
      { label: 'Models', href: '/models' },
      { label: 'Publish a model', href: '/models/add' },
    ],
  }),
  missing_model: () => ({
    title: 'The request named no model',
    means: 'Without a model the gateway cannot tell whom to ask.',
    remedy: 'Set a model in the tool’s settings; auto stands for the default one.',
    links: [{ label: 'Models', href: '/models' }],
  }),
  invalid_messages: () => ({
    title: 'The messages were not as the API has them',
    means: 'They were missing, empty or malformed. The answer named the one at fault.',
    remedy: 'See that the tool is set up for the API it calls.',
    links: askForKey,
  }),
  invalid_request: () => ({
    title: 'The request was malformed',
    means: 'Its body was not one that the gateway takes. The answer said what was wrong.',
    remedy: 'The tool shows or logs the answer.',
    links: [],
  }),
  request_too_large: () => ({
    title: 'The body was larger than 64 MiB',
    means: 'The gateway reads no more than that of one request.',
    remedy: 'Send fewer or smaller images and files, or begin a new conversation.',
    links: [],
  }),
  insufficient_balance: (_row, who) => ({
    title: `${capital(possessive(who.name))} balance did not cover it`,
    means: 'A prepaid member must have enough for the most that a request could need.',
    remedy: 'Add to the balance, or have the tool ask for fewer output tokens.',
    links: who.links,
  }),
  paused: () => ({
    title: 'The gateway was paused',
    means: 'While it is paused nothing is served and no provider is called.',
    remedy: 'Resume it; the tool then needs to send the request again.',
    links: [],
  }),
  shutting_down: () => ({
    title: 'The gateway was being stopped',
    means: 'It took no new requests any more.',
    remedy: 'Send the request again.',
    links: [],
  }),
  audit_unavailable: () => ({
    title: 'The audit log could not be written',
    means: 'Without it nothing is served: the disk may have been full.',
    remedy: 'Make room where the data folder lies.',
    links: [{ label: 'Data folder', href: '/settings' }],
  }),
  internal: () => ({
    title: 'The gateway itself failed',
    means: 'Something happened that should not.',
    remedy: 'The log in Settings says where. Please report it.',
    links: [{ label: 'Logs', href: '/settings' }],
  }),
  upstream_error: ({ attempts, providerId }) => ({
    title: 'No provider could serve it',
    means:
      attempts === 0
        ? 'Every provider of this model was switched off or cooling down after failures.'
        : 'Each that was asked failed, timed out or refused its credential.',
    remedy: 'See how the provider is, or give the model another target.',
    links: [
      { label: 'Open the provider', href: providerId === null ? '/providers' : `/providers/${providerId}` },
    ],
  }),
  client_closed: () => ({
    title: 'The tool hung up',
    means: 'The call to the provider was stopped at once. What was used until then counts.',
    remedy: 'Nothing, if somebody stopped it. If the tool gave up waiting, raise its timeout.',
    links: [],
  }),
  interrupted: () => ({
    title: 'The gateway ended while this ran',
    means: 'It was killed or lost power; the estimate made at the beginning stays.',
    remedy: 'Nothing is to be done.',
    links: [],
  }),
};

const byProvider: Explain = ({ status, providerId, providerName }) => ({
  title: `${providerName ?? 'The provider'} answered ${status}`,
  means: 'It refused the request as it stood. Its own words went to the tool.',
  remedy: 'The tool shows what was said, such as a context that is too long.',
  links:
    providerId === null
      ? []
      : [{ label: `Open ${providerName ?? 'the provider'}`, href: `/providers/${providerId}` }],
});

/** Every code a row can carry. */
export const CODES: readonly string[] = Object.keys(EXPLANATIONS);

/** @returns null where the request went well or runs still */
export function explain(row: AuditRow): Explanation | null {
  if (row.status < 400) return null;
  return (EXPLANATIONS[row.code ?? ''] ?? byProvider)(row, whoOf(row));
}

/** What it cost, in a sentence. */
export function chargeWords(row: AuditRow): string {
  if (outcomeOf(row) === 'refused') return 'Nothing was charged, and no provider was called.';
  if (row.chargedTokens === 0 && row.costMicros === 0) return 'Nothing was charged.';
  return 'What was used until then is counted.';
}

function whoOf({ memberId, memberName }: AuditRow): Who {
  if (memberId === null) return { name: 'the member', links: [] };
  const name = memberName ?? 'the member';
  return { name, links: [{ label: `Open ${name}`, href: memberPath(memberId) }] };
}

function keyLinks(who: Who): Explanation['links'] {
  return [...who.links, { label: 'Keys', href: '/keys' }];
}

function subject({ memberName }: AuditRow): string {
  return memberName === null ? 'A tool' : `A tool of ${memberName}`;
}

/** This computer cannot be kept out by mistake from here. */
function blockLink(address: string): Explanation['links'] {
  if (address === 'in-process' || address.startsWith('127.') || address === '::1') return [];
  return [{ label: `Block ${address}…`, href: `/security?block=${encodeURIComponent(address)}` }];
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
