import type { Change } from '../../../gateway/doors/admin/contract.ts';
import { count, dollars } from '../../format.ts';
import {
  type Fields,
  fieldLabel,
  fieldsOf,
  isLimit,
  limitAmount,
  limitWords,
  listDifference,
  untilWords,
  valueWords,
} from './change-values.ts';

/** A change of the owner's in words. */
export interface ChangeWords {
  /** Limit, Key revoked, Plan. */
  what: string;
  /** Ada; Ada, claude-opus-4-5. */
  on: string;
  differences: readonly Difference[];
}

export interface Difference {
  /** Named where several things changed at once. */
  field: string | null;
  /** Null where there was, or is, nothing to tell. */
  before: string | null;
  after: string | null;
}

/** Names of what there is now, by id; undefined for what is gone. */
export interface Names {
  member(id: string): string | undefined;
  key(id: string): { name: string; memberId: string } | undefined;
  provider(id: string): string | undefined;
}

const ACTIONS: Readonly<Record<string, string>> = {
  create: 'added',
  delete: 'deleted',
  update: 'changed',
  set: 'set',
  lift: 'lifted',
  reset: 'back to what it was',
};

const WHOLE: Readonly<Record<string, string>> = {
  'key.create': 'Key made',
  'key.revoke': 'Key revoked',
  'alert-webhook.update': 'Webhook for alerts',
  'alert-webhook.delete': 'Webhook for alerts removed',
  'tunnel.open': 'Tunnel opened',
  'tunnel.close': 'Tunnel closed',
  'tunnel.expire': 'Tunnel closed, its time was over',
  'member.grant': 'Grant',
  'member.ask': 'Asks to join',
  'member.approve': 'Let in',
  'member.refuse': 'Turned away',
  'member.offer': 'Key offered again',
  'member.withdraw': 'Took it back',
  'member.unanswered': 'Waited too long',
  'member.uncollected': 'Key not fetched in time',
  'limit.set': 'Limit',
  'limit.lift': 'Limit lifted',
  'model.create': 'Model published',
  'model.delete': 'Model taken away',
  'ip-block.add': 'Address blocked',
  'ip-block.lift': 'Block lifted',
  'settings.update': 'Settings',
  'desktop.update': 'App',
  'backup.restore': 'Backup restored',
  'backup.keep': 'Restore taken back',
  'billing.update': 'Billing',
  'billing.delete': 'Stripe key removed',
  'sharing.update': 'Sharing',
  'sharing.authority': 'New authority for certificates',
  'sharing.renew': 'Certificate renewed',
  'sharing.replace': 'Authority replaced',
  'sharing.password': 'Password for other computers set',
  'sharing.no-password': 'Password for other computers removed',
  'session.start': 'Signed in over the network',
  'session.lock-out': 'Wrong passwords: address must wait',
};

const KINDS: Readonly<Record<string, string>> = {
  preset: 'Tool route',
  'ip-block': 'Block',
  'alert-webhook': 'Alerts',
  tunnel: 'Public tunnel',
};

/** Told by another field, or by nobody's wish. */
const UNTOLD = new Set([
  ...[
    'limits',
    'balance',
    'createdAt',
    'effectiveFacts',
    'bound',
    'portInUse',
    'portFrom',
    'url',
    'hasCredential',
    'webhookUrl',
    'storedAt',
  ],
]);

export function changeWords(change: Change, names: Names): ChangeWords {
  return { ...doneWords(change), on: subjectWords(change, names) };
}

function doneWords(change: Change): Omit<ChangeWords, 'on'> {
  const { action, before, after } = change;
  const what = WHOLE[action] ?? actionWords(action);
  if (isLimit(after) || isLimit(before)) return { what, differences: [limitDifference(before, after)] };
  if (action === 'member.grant') return { what, differences: [grantDifference(before, after)] };
  if (action === 'ip-block.add') return { what, differences: [blockDifference(fieldsOf(after))] };
  const { importedFrom } = fieldsOf(after);
  if (before === null && typeof importedFrom === 'string')
    return { what, differences: [{ field: null, before: null, after: `from ${importedFrom}` }] };
  if (before === null || after === null || action === 'key.revoke') return { what, differences: [] };
  const differences = differencesOf(fieldsOf(before), fieldsOf(after));
  const [only, ...others] = differences;
  // The one thing that changed names the change.
  if (only?.field == null || others.length > 0) return { what, differences };
  return { what: onlyWords(action, only), differences: [{ ...only, field: null }] };
}

function onlyWords(action: string, { field, after }: Difference): string {
  if (field !== fieldLabel('enabled')) return field ?? '';
  return `${kindWords(action.split('.')[0] ?? '')} ${after}`;
}

function actionWords(action: string): string {
  const [kind = '', verb = ''] = action.split('.');
  return `${kindWords(kind)} ${ACTIONS[verb] ?? verb}`.trim();
}

function kindWords(kind: string): string {
  return KINDS[kind] ?? kind.charAt(0).toUpperCase() + kind.slice(1);
}

function limitDifference(before: unknown, after: unknown): Difference {
  const was = isLimit(before) ? before : null;
  const is = isLimit(after) ? after : null;
  return {
    field: null,
    before: was === null ? null : is === null ? limitWords(was) : limitAmount(was),
    after: is === null ? null : limitWords(is),
  };
}

/** The balance where it is known, else what was given. */
function grantDifference(before: unknown, after: unknown): Difference {
  const { tokens, micros, balance } = fieldsOf(after);
  const [was, is] = [fieldsOf(fieldsOf(before).balance), fieldsOf(balance)];
  const inTokens = typeof tokens === 'number' && tokens > 0;
  const words = (value: unknown) =>
    typeof value !== 'number' ? null : inTokens ? count(value) : dollars(value);
  const name = inTokens ? 'tokens' : 'micros';
  const unit = inTokens ? ' tokens' : '';
  const now = words(is[name]) ?? words(inTokens ? tokens : micros);
  return { field: null, before: words(was[name]), after: now === null ? null : `${now}${unit}` };
}

function blockDifference({ reason, expiresAt }: Fields): Difference {
  const why = typeof reason === 'string' && reason !== '' ? `${reason}, ` : '';
  return { field: null, before: null, after: `${why}${untilWords(expiresAt)}` };
}

function differencesOf(before: Fields, after: Fields): Difference[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .filter((name) => !UNTOLD.has(name) && JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    .map((name) => {
      const field = fieldLabel(name);
      // A credential is never told: only that there is another one now.
      if (name === 'credential') return { field, before: null, after: valueWords(name, after[name]) };
      const listed = listDifference(before[name], after[name]);
      if (listed !== null) return { field, before: null, after: listed };
      return { field, before: valueWords(name, before[name]), after: valueWords(name, after[name]) };
    });
}

/** Whom or what it was about, by name. */
function subjectWords({ subject, before, after }: Change, names: Names): string {
  // What follows the first blank says which limit: its model is told, the rest by the difference.
  const [thing = ''] = subject.split(' ', 1);
  const at = thing.indexOf(':');
  const [kind, id] = at === -1 ? [thing, ''] : [thing.slice(0, at), thing.slice(at + 1)];
  const { name = null, model = null } = { ...fieldsOf(before), ...fieldsOf(after) } as {
    name?: unknown;
    model?: unknown;
  };
  const known = knownName(kind, id, names, { ...fieldsOf(before), ...fieldsOf(after) });
  const called = known ?? (typeof name === 'string' ? name : id || kindWords(kind));
  return typeof model === 'string' && isLimit(after ?? before) ? `${called}, ${model}` : called;
}

function knownName(kind: string, id: string, names: Names, told: Fields): string | undefined {
  if (kind === 'member') return typeof told.name === 'string' ? told.name : names.member(id);
  if (kind === 'provider') return names.provider(id);
  if (kind !== 'key') return undefined;
  const key = names.key(id);
  const owner = names.member(String(told.memberId ?? key?.memberId ?? ''));
  const name = told.name ?? key?.name;
  return name === undefined ? undefined : `${owner === undefined ? '' : `${owner}, `}“${String(name)}”`;
}

/** Who, and through which door. Members change nothing but their own keys. */
export function actorWords(actor: string): string {
  if (actor === 'member') return 'The member';
  if (actor === 'billing') return 'A payment';
  if (actor === 'visitor') return 'Who asks';
  if (actor === 'time' || actor === 'gateway') return 'By itself';
  return `You, ${{ window: 'in the app', browser: 'in a browser', token: 'by a script' }[actor] ?? actor}`;
}
